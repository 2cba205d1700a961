/* The functions of libxlsxwriter that we call: the library is opened when a workbook is
 * wanted. */
#ifndef FF_XLSX_LIBRARY_H
#define FF_XLSX_LIBRARY_H

#include <xlsxwriter.h>

#include "footfall/library.h"

#define FF_XLSX_FUNCTIONS(F)                                                           \
    F(format_set_bold)                                                                 \
    F(format_set_num_format)                                                           \
    F(format_set_text_wrap)                                                            \
    F(lxw_strerror)                                                                    \
    F(workbook_add_format)                                                             \
    F(workbook_add_worksheet)                                                          \
    F(workbook_close)                                                                  \
    F(workbook_new)                                                                    \
    F(workbook_set_properties)                                                         \
    F(worksheet_autofilter)                                                            \
    F(worksheet_freeze_panes)                                                          \
    F(worksheet_set_column)                                                            \
    F(worksheet_write_number)                                                          \
    F(worksheet_write_string)
struct ff_xlsx_library {
    FF_XLSX_FUNCTIONS(FF_LIBRARY_MEMBER)
};

/* FF_ERR_IO: it is not installed. */
FF_MUST_USE enum ff_err ff_xlsx_library_open(struct ff_xlsx_library *library,
                                             struct ff_fault *fault);

#endif
