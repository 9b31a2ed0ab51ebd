# Writes OUT, the C file of page.h: page.html with page.css and page.js, in FROM,
# put into it, and their SHA-256 into its policy. Run at build time.
set(digits ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/)

# base64(OUT_NAME HEX): of 32 bytes, so one "=" at the end.
function(base64 name hex)
    set(text "")
    foreach(at RANGE 0 60 6)
        string(SUBSTRING "${hex}0000" ${at} 6 group)
        math(EXPR bits "0x${group}")
        foreach(shift 18 12 6 0)
            math(EXPR digit "(${bits} >> ${shift}) & 63")
            string(SUBSTRING ${digits} ${digit} 1 character)
            string(APPEND text ${character})
        endforeach()
    endforeach()
    string(SUBSTRING ${text} 0 43 text)
    set(${name} "${text}=" PARENT_SCOPE)
endfunction()

file(READ ${FROM}/page.html page)
foreach(kind css js)
    file(READ ${FROM}/page.${kind} ${kind})
    string(SHA256 digest "${${kind}}")
    base64(digest ${digest})
    string(REPLACE "@${kind}_digest@" "sha256-${digest}" page "${page}")
    string(REPLACE "@${kind}@" "${${kind}}" page "${page}")
endforeach()

set(arrays "")
set(index 0)
foreach(marker @title@ @content@ "")
    string(LENGTH "${marker}" skipped)
    if(skipped)
        string(FIND "${page}" "${marker}" at)
    else()
        string(LENGTH "${page}" at)
    endif()
    string(SUBSTRING "${page}" 0 ${at} part)
    math(EXPR at "${at} + ${skipped}")
    string(SUBSTRING "${page}" ${at} -1 page)
    string(HEX "${part}" hex)
    string(REGEX REPLACE "(..)" "0x\\1," hex "${hex}")
    string(APPEND arrays "static const unsigned char part_${index}[] = { ${hex} };\n")
    math(EXPR index "${index} + 1")
endforeach()

file(WRITE ${OUT} "/* Written by src/report/page.cmake from page.html, page.css and page.js. */
#include \"report/page.h\"

${arrays}
struct sv page_part(enum page_part part)
{
    static const struct sv parts[] = {
        [PAGE_TOP] = { (const char *)part_0, sizeof(part_0) },
        [PAGE_HEAD] = { (const char *)part_1, sizeof(part_1) },
        [PAGE_END] = { (const char *)part_2, sizeof(part_2) },
    };

    return parts[part];
}
")
