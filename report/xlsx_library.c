#include "xlsx_library.h"

#include <stddef.h>

enum ff_err ff_xlsx_library_open(struct ff_xlsx_library *library,
                                 struct ff_fault *fault)
{
#define ROW(function) { #function, offsetof(struct ff_xlsx_library, function) },
    static const struct ff_library_function functions[] = { FF_XLSX_FUNCTIONS(ROW) };
    return ff_library_open("libxlsxwriter.so." LXW_SOVERSION, "a workbook (.xlsx)",
                           functions, sizeof functions / sizeof *functions, library,
                           fault);
}
