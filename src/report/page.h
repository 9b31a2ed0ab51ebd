/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The page that format `html` fills: page.html with page.css and page.js in it,
 * put together at build time (page.cmake), cut where a text belongs. Its policy
 * (CSP) names the digests of that one style and that one script, so nothing
 * that a manifest says can become either, and the page loads nothing at all.
 */
#ifndef REPORT_PAGE_H
#define REPORT_PAGE_H

#include "base/sv.h"

/* Up to the title, from there to the content, from there to the end. */
enum page_part { PAGE_TOP, PAGE_HEAD, PAGE_END };
struct sv page_part(enum page_part part);

#endif
