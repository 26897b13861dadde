/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/*
 * The folder of a campaign: what the courier plays and what it writes, laid out
 * as src/courier/bo-script-format.h says, plus campaign.json.
 */

/**
 * BoCampaignFolderError:
 * @BO_CAMPAIGN_FOLDER_ERROR_WRITE: the folder cannot be written
 * @BO_CAMPAIGN_FOLDER_ERROR_READ: something in it cannot be read
 * @BO_CAMPAIGN_FOLDER_ERROR_TAKEN: another program builds on this device already
 */
typedef enum
{
  BO_CAMPAIGN_FOLDER_ERROR_WRITE,
  BO_CAMPAIGN_FOLDER_ERROR_READ,
  BO_CAMPAIGN_FOLDER_ERROR_TAKEN,
} BoCampaignFolderError;

#define BO_CAMPAIGN_FOLDER_ERROR (bo_campaign_folder_error_quark ())
GQuark bo_campaign_folder_error_quark (void);

char *bo_campaign_folder_get_path (const char *campaign_id);
char *bo_campaign_folder_get_contents_path (void);

gboolean bo_campaign_folder_create (const char *folder, GError **error);
gboolean bo_campaign_folder_write (const char *folder, const char *name, GBytes *bytes, GError **error);
gboolean bo_campaign_folder_is_played (const char *folder);

gboolean bo_campaign_folder_set_device (const char *folder, const char *volume, const char *owner, GError **error);
gboolean bo_campaign_folder_get_device (const char *folder, char **volume, char **owner);

int bo_campaign_folder_lock_device (const char *device_url, GError **error);

G_END_DECLS
