/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <adwaita.h>

G_BEGIN_DECLS

#define BO_TYPE_APPLICATION (bo_application_get_type ())
G_DECLARE_FINAL_TYPE (BoApplication, bo_application, BO, APPLICATION, AdwApplication)

BoApplication *bo_application_new (void);
void bo_application_open_study (BoApplication *self, GFile *file);

G_END_DECLS
