# Writes OUT, a C file whose function NAME gives the bytes of IN. Run at build time.
file(READ ${IN} hex HEX)
string(REGEX REPLACE "(..)" "0x\\1," hex "${hex}")
file(WRITE ${OUT} "/* Written by src/report/embed.cmake. */
#include \"report/report.h\"

static const unsigned char bytes[] = { ${hex} };

struct sv ${NAME}(void)
{
    return (struct sv){ (const char *)bytes, sizeof(bytes) };
}
")
