/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The names by which Bakeoff's own things are known on an engine. What does
 * not carry one of these is somebody else's and is never touched.
 */

/* Value: the campaign's id. On every image and container that we make. */
#define BO_LABEL_CAMPAIGN "io.github.bakeoff.campaign"
/* Value: the trial's id. */
#define BO_LABEL_TRIAL "io.github.bakeoff.trial"
/* Value: what the thing is for: "base", "prebuild", "image", "probe", "courier". */
#define BO_LABEL_ROLE "io.github.bakeoff.role"
/* Value: "keep" on images that stay after the campaign. */
#define BO_LABEL_KEEP "io.github.bakeoff.keep"

/* Every image tag and container name that we make begins with this. */
#define BO_NAME_PREFIX "bakeoff-"

gboolean bo_name_is_id (const char *text);
char *bo_name_slug (const char *text);

G_END_DECLS
