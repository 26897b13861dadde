/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

G_BEGIN_DECLS

/*
 * The writer of scripts: the Engine API requests that a campaign comes to, as
 * plain data (src/courier/bo-script-format.h says what each line means). The
 * text depends on what was added and on nothing else, so scripts are compared
 * as text in tests.
 *
 * Values must be one line: what breaks the format (control characters, a
 * path with spaces, a number that is not before the item) is a mistake of the
 * programmer and is refused with a critical.
 */

typedef struct _BoScript BoScript;

/**
 * BoScriptItem: one item of a script; owned by the script
 */
typedef struct _BoScriptItem BoScriptItem;

/**
 * BoScriptChainKind:
 * @BO_SCRIPT_CHAIN_SETUP: played first, in the order of the script
 * @BO_SCRIPT_CHAIN_TRIALS: played in the order of the order file
 * @BO_SCRIPT_CHAIN_TEARDOWN: played last, in the order of the script, also after a stop
 */
typedef enum
{
  BO_SCRIPT_CHAIN_SETUP,
  BO_SCRIPT_CHAIN_TRIALS,
  BO_SCRIPT_CHAIN_TEARDOWN,
} BoScriptChainKind;

/**
 * BoScriptCommand: what a user may tell a courier that plays
 * @BO_SCRIPT_COMMAND_STOP_AFTER_TRIAL: end after the trial under way
 * @BO_SCRIPT_COMMAND_STOP_NOW: cancel the request under way and clean up
 */
typedef enum
{
  BO_SCRIPT_COMMAND_STOP_AFTER_TRIAL,
  BO_SCRIPT_COMMAND_STOP_NOW,
} BoScriptCommand;

BoScript *bo_script_new (const char *campaign);
void bo_script_free (BoScript *script);

void bo_script_add_secret (BoScript *script, const char *name);
guint bo_script_watch (BoScript *script, const char *path);
void bo_script_begin_chain (BoScript *script, const char *id, BoScriptChainKind kind);

BoScriptItem *bo_script_add_request (BoScript *script, const char *method, const char *path, const char *about);
BoScriptItem *bo_script_add_settle (BoScript *script,
                                    guint of,
                                    gint64 limit_us,
                                    const char *const *needles,
                                    const char *about);
BoScriptItem *bo_script_add_sweep_list (BoScript *script, const char *path, const char *about);
BoScriptItem *bo_script_add_sweep_prune (BoScript *script,
                                         guint of,
                                         const char *path,
                                         const char *prune_path,
                                         const char *about);

BoScriptItem *
bo_script_add_wait_empty (BoScript *script, const char *path, gint64 limit_us, const char *about);

guint bo_script_item_get_number (const BoScriptItem *item);
void bo_script_item_add_header (BoScriptItem *item, const char *name, const char *value);
void bo_script_item_add_literal (BoScriptItem *item, GBytes *bytes);
void bo_script_item_add_text (BoScriptItem *item, const char *text);
void bo_script_item_add_recipe (BoScriptItem *item, const char *sha256);
void bo_script_item_set_limit (BoScriptItem *item, gint64 limit_us);
void bo_script_item_add_needs (BoScriptItem *item, guint number);
void bo_script_item_add_unless (BoScriptItem *item, guint number);
void bo_script_item_add_expect (BoScriptItem *item, guint status);
void bo_script_item_set_trial_end (BoScriptItem *item);
void bo_script_item_set_always (BoScriptItem *item);

GBytes *bo_script_to_bytes (const BoScript *script);
gboolean bo_script_write (const BoScript *script, const char *folder, GError **error);

gboolean bo_script_write_order (const char *folder, const char *const *chains, GError **error);
gboolean bo_script_write_command (const char *folder, BoScriptCommand command, GError **error);

char *bo_script_path (const char *path, ...) G_GNUC_NULL_TERMINATED;

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoScript, bo_script_free)

G_END_DECLS
