/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * How a thread tells the main loop that there is something new, without
 * filling the loop: news that has not been heard yet is not told again.
 */
typedef struct _BoLogNews BoLogNews;

typedef void (*BoLogNewsFunc) (gpointer user_data);

BoLogNews *bo_log_news_new (BoLogNewsFunc func, gpointer user_data);
BoLogNews *bo_log_news_ref (BoLogNews *news);
void bo_log_news_unref (BoLogNews *news);
void bo_log_news_tell (BoLogNews *news);
void bo_log_news_stop (BoLogNews *news);

G_END_DECLS
