/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * Where the results are: the store and the campaigns' folders. The window and
 * the command line ask here, so both use the same.
 */

/* A folder in this variable of the environment comes before what was chosen. */
#define BO_DATA_FOLDER_VARIABLE "BAKEOFF_DATA"

/**
 * BoDataFolderOrigin: who says where the results are
 */
typedef enum
{
  BO_DATA_FOLDER_DEFAULT,
  BO_DATA_FOLDER_CHOSEN,
  BO_DATA_FOLDER_ENVIRONMENT,
} BoDataFolderOrigin;

char *bo_data_folder_get (void);
char *bo_data_folder_get_default (void);
char *bo_data_folder_read (BoDataFolderOrigin *origin, GError **error);
gboolean bo_data_folder_choose (const char *folder, GError **error);

G_END_DECLS
