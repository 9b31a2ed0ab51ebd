/* SPDX-License-Identifier: Apache-2.0 */
/* Forced into every file (-include): functions that must not be called do not
 * compile. The headers that declare the names come first. */
#ifndef BASE_BANNED_H
#define BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf gets strtok
#pragma GCC poison atoi atol atoll atof gmtime localtime ctime asctime system

#endif
