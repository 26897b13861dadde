/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include "bo-application.h"

G_BEGIN_DECLS

#define BO_TYPE_START_WINDOW (bo_start_window_get_type ())
G_DECLARE_FINAL_TYPE (BoStartWindow, bo_start_window, BO, START_WINDOW, AdwApplicationWindow)

BoStartWindow *bo_start_window_new (BoApplication *application);

G_END_DECLS
