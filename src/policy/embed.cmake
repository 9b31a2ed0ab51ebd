# Writes OUT, the C table of the shipped policy sets and facts: every
# policies/<set>/*.yaml below ROOT, as bytes. Run at build time.
file(GLOB files RELATIVE ${ROOT} ${ROOT}/policies/*/*.yaml)
list(SORT files)

set(bytes "")
set(rows "")
set(index 0)
foreach(file IN LISTS files)
    get_filename_component(folder ${file} DIRECTORY)
    get_filename_component(set_name ${folder} NAME)
    file(READ ${ROOT}/${file} hex HEX)
    string(REGEX REPLACE "(..)" "0x\\1," hex "${hex}")
    string(APPEND bytes "static const unsigned char file_${index}[] = { ${hex} };\n")
    string(APPEND rows "    { SV_INIT(\"${set_name}\"), SV_INIT(\"${file}\"), "
                       "{ (const char *)file_${index}, sizeof(file_${index}) } },\n")
    math(EXPR index "${index} + 1")
endforeach()

file(WRITE ${OUT} "/* Written by src/policy/embed.cmake from policies/. */
#include \"policy/embedded.h\"

${bytes}
const struct embedded_file embedded_files[] = {
${rows}};
const size_t embedded_count = ${index};
")
