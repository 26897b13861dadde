/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gtk/gtk.h>

#include "bo-open-study.h"

G_BEGIN_DECLS

/**
 * BoLinkNews: what the bar tells
 * @BO_LINK_NEWS_NONE: nothing; it is not seen
 * @BO_LINK_NEWS_FOLLOW: a campaign of the study runs on a device, and nobody follows it here
 * @BO_LINK_NEWS_CUT: one was cut off here, and what had finished is not recorded yet
 * @BO_LINK_NEWS_LATE: the engine does not answer
 * @BO_LINK_NEWS_RECONNECTING: the connection is lost and tried again
 * @BO_LINK_NEWS_LOST: it is lost for good
 */
typedef enum
{
  BO_LINK_NEWS_NONE,
  BO_LINK_NEWS_FOLLOW,
  BO_LINK_NEWS_CUT,
  BO_LINK_NEWS_LATE,
  BO_LINK_NEWS_RECONNECTING,
  BO_LINK_NEWS_LOST,
} BoLinkNews;

#define BO_TYPE_LINK_BAR (bo_link_bar_get_type ())
G_DECLARE_FINAL_TYPE (BoLinkBar, bo_link_bar, BO, LINK_BAR, GtkWidget)

/* A bar under the header that tells how the way to the device stands, when there is something to tell. */
void bo_link_bar_set_open_study (BoLinkBar *self, BoOpenStudy *study);

void bo_link_bar_show (BoLinkBar *self,
                       BoLinkNews news,
                       const char *title,
                       const char *detail,
                       const char *button);
BoLinkNews bo_link_bar_get_news (BoLinkBar *self);
const char *bo_link_bar_get_title (BoLinkBar *self);

G_END_DECLS
