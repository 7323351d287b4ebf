# The warning set of every target; NUBE_WERROR makes them errors (CI does).
option(NUBE_WERROR "Warnings are errors" OFF)
function(nube_warnings target)
  target_compile_options(${target} PRIVATE
    -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition
    -Wwrite-strings -Wpointer-arith -Wcast-align -Wformat=2 -Wundef -Wvla -Wconversion
    -Wno-sign-conversion -Wimplicit-fallthrough -Wunused -Wnull-dereference
    $<$<BOOL:${NUBE_WERROR}>:-Werror>)
  set_target_properties(${target} PROPERTIES
    C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF C_VISIBILITY_PRESET hidden)
  target_compile_definitions(${target} PRIVATE _GNU_SOURCE)
endfunction()
