/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-past-day"

#include "config.h"

#include <glib/gi18n.h>

#include "shell/bo-past-day.h"

static gint64
count_days (GDateTime *time)
{
  GDate date;
  int year, month, day;

  g_date_time_get_ymd (time, &year, &month, &day);
  g_date_clear (&date, 1);
  g_date_set_dmy (&date, day, month, year);
  return g_date_get_julian (&date);
}

/**
 * bo_past_day_describe:
 * @then: a time that is over
 * @now: the present, in the same time zone
 *
 * Returns: (transfer full): "today", "yesterday", "5 days ago", "3 weeks ago", or the date when it is more than
 *   two months ago, or still to come
 */
char *
bo_past_day_describe (GDateTime *then, GDateTime *now)
{
  gint64 days;

  g_return_val_if_fail (then != NULL && now != NULL, NULL);

  days = count_days (now) - count_days (then);
  if (days < 0 || days > 62)
    return g_date_time_format (then, "%x");
  if (days == 0)
    return g_strdup (_ ("today"));
  if (days == 1)
    return g_strdup (_ ("yesterday"));
  if (days < 14)
    return g_strdup_printf (ngettext ("%d day ago", "%d days ago", days), (int) days);
  return g_strdup_printf (ngettext ("%d week ago", "%d weeks ago", days / 7), (int) (days / 7));
}
