/* SPDX-License-Identifier: Apache-2.0 */
/* Hands the command line to the command table. */
#include "cli/cmd.h"
#include <fcntl.h>

/* A closed one's number would be given to the next file or connection, and what
 * was meant for people would go there. Opened the wrong way round, so that using
 * it still fails. */
static void keep_standard_descriptors(void)
{
    static const int modes[] = { O_WRONLY, O_RDONLY, O_RDONLY };

    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) < 0)
            (void)!open("/dev/null", modes[fd]);
}

int main(int argc, char *argv[])
{
    (void)argc;
    keep_standard_descriptors();
    return (int)cmd_main(argv);
}
