/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * What a person has asked to be written is written to its end, though the last
 * window closes meanwhile: the application stays until then.
 */
void bo_unfinished_work_begin (void);
void bo_unfinished_work_end (void);
void bo_unfinished_work_watch (GTask *task);

G_END_DECLS
