/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "findings/bo-report.h"

G_BEGIN_DECLS

/*
 * Fills the validation table and the sections What Worked and What Didn't
 * Work of somebody's own Markdown document, and leaves every other byte alone.
 *
 * The table is the first one, outside of code blocks if there is any, whose
 * header is Approach | Build Time | Run Time | Notes, however it is spaced,
 * aligned or capitalised. A row belongs to the strategy whose title or id its
 * Approach is ("Minimal + runtime" and "minimal-runtime" are the same). Its
 * Build Time and Run Time are replaced. Its Notes keep the user's text, with
 * ours behind it, after " — <!-- bakeoff -->": the comment is not shown, and
 * says at the next update where ours begins. Rows of no strategy stay as
 * they are, and so do rows of strategies that the campaign did not plan,
 * unless nothing but a placeholder (TBD) is in them. Strategies without a row
 * get one at the end.
 *
 * A section is the first heading of that name, of any level, outside of code
 * blocks if there is any. Ours stands right after the heading, between the
 * comments "<!-- bakeoff:begin worked -->" and "<!-- bakeoff:end worked -->"
 * ("did-not-work" for the other). What the user has written there stays below
 * it, but list items of a template ("reduced build time by X%", "failed
 * because...") make room at the first update.
 *
 * Inside a code block comments would be seen, and taking the section out of it
 * would change the document's outline. There ours are plain lines right
 * after the heading, ended by a line that begins with "(bakeoff:" and says
 * where they come from; what follows it in the section is the user's.
 *
 * Charts are put in only when they are given: between "<!-- bakeoff:begin charts -->"
 * and "<!-- bakeoff:end charts -->", wherever the user has moved these to; at first
 * under a heading "Charts", or else below the table.
 */

/**
 * BoUpdateError:
 * @BO_UPDATE_ERROR_NOT_FOUND: neither the table nor a section is in the document
 * @BO_UPDATE_ERROR_MARKERS: a comment that begins our part is there and the one that ends it is not
 */
typedef enum
{
  BO_UPDATE_ERROR_NOT_FOUND,
  BO_UPDATE_ERROR_MARKERS,
} BoUpdateError;

#define BO_UPDATE_ERROR (bo_update_error_quark ())
GQuark bo_update_error_quark (void);

/**
 * BoUpdateSummary: what was found and filled
 * @has_table: whether the table was found
 * @n_rows: rows that belong to a strategy
 * @n_appended: rows that were put at its end
 * @n_other_tables: further tables with the same header, which were left alone
 * @has_worked, @has_not_worked: whether the section was found
 * @has_charts: whether charts were put in
 */
typedef struct
{
  gboolean has_table;
  guint n_rows;
  guint n_appended;
  guint n_other_tables;
  gboolean has_worked;
  gboolean has_not_worked;
  gboolean has_charts;
} BoUpdateSummary;

GBytes *bo_findings_update (GBytes *bytes, const BoReport *report, BoUpdateSummary *summary, GError **error);
GBytes *bo_findings_update_with_charts (GBytes *bytes,
                                        const BoReport *report,
                                        const char *charts,
                                        BoUpdateSummary *summary,
                                        GError **error);

G_END_DECLS
