/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-settings"

#include "config.h"

#include <adwaita.h>

#include "bo-settings.h"

/* Older ones are still among the studies that have results. */
#define MAX_RECENT 12
#define MAX_HIDDEN 200

/**
 * bo_settings_get:
 *
 * A program that was not installed finds the schema where it was built.
 *
 * Returns: (transfer none) (nullable): the settings, or %NULL where there is no schema; then nothing is
 * remembered
 */
GSettings *
bo_settings_get (void)
{
  static GSettings *settings;
  static gboolean looked;
  GSettingsSchemaSource *installed = g_settings_schema_source_get_default ();
  g_autoptr (GSettingsSchema) schema = NULL;

  if (looked)
    return settings;
  looked = TRUE;
  if (installed != NULL)
    schema = g_settings_schema_source_lookup (installed, APP_ID, TRUE);
  if (schema == NULL)
    {
      g_autoptr (GSettingsSchemaSource) built = NULL;

      built = g_settings_schema_source_new_from_directory (BO_BUILD_ROOT "/data", installed, FALSE, NULL);
      if (built != NULL)
        schema = g_settings_schema_source_lookup (built, APP_ID, FALSE);
    }
  if (schema == NULL)
    g_warning ("The settings schema %s is not installed; nothing is remembered.", APP_ID);
  else
    settings = g_settings_new_full (schema, NULL, NULL);
  return settings;
}

static void
remove_path (GSettings *settings, const char *key, const char *path)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) before = g_settings_get_strv (settings, key);
  g_auto (GStrv) after = NULL;

  for (char **p = before; *p != NULL; p++)
    if (!g_str_equal (*p, path))
      g_strv_builder_add (builder, *p);
  after = g_strv_builder_end (builder);
  g_settings_set_strv (settings, key, (const char *const *) after);
}

static void
prepend_path (GSettings *settings, const char *key, const char *path, guint max)
{
  g_autoptr (GStrvBuilder) builder = g_strv_builder_new ();
  g_auto (GStrv) before = g_settings_get_strv (settings, key);
  g_auto (GStrv) after = NULL;
  guint n = 1;

  g_strv_builder_add (builder, path);
  for (char **p = before; *p != NULL && n < max; p++)
    if (!g_str_equal (*p, path))
      {
        g_strv_builder_add (builder, *p);
        n++;
      }
  after = g_strv_builder_end (builder);
  g_settings_set_strv (settings, key, (const char *const *) after);
}

/**
 * bo_settings_add_recent:
 * @file: a study that was opened
 */
void
bo_settings_add_recent (GFile *file)
{
  GSettings *settings = bo_settings_get ();
  const char *path = g_file_peek_path (file);
  g_autofree char *uri = NULL;

  g_return_if_fail (G_IS_FILE (file));

  if (settings == NULL || path == NULL || !g_utf8_validate (path, -1, NULL))
    return;
  prepend_path (settings, "recent-studies", path, MAX_RECENT);
  remove_path (settings, "hidden-studies", path);
  /* The desktop's own list, in which file choosers look. */
  uri = g_file_get_uri (file);
  gtk_recent_manager_add_item (gtk_recent_manager_get_default (), uri);
}

/**
 * bo_settings_hide_study:
 * @path: of a study file
 *
 * Takes it off the list of studies until it is opened again.
 */
void
bo_settings_hide_study (const char *path)
{
  GSettings *settings = bo_settings_get ();

  g_return_if_fail (path != NULL);

  if (settings == NULL || !g_utf8_validate (path, -1, NULL))
    return;
  remove_path (settings, "recent-studies", path);
  prepend_path (settings, "hidden-studies", path, MAX_HIDDEN);
}

/**
 * bo_settings_show_study:
 * @path: of a study file
 * @recent: whether it was among those that were opened lately
 *
 * Undoes bo_settings_hide_study().
 */
void
bo_settings_show_study (const char *path, gboolean recent)
{
  GSettings *settings = bo_settings_get ();

  g_return_if_fail (path != NULL);

  if (settings == NULL || !g_utf8_validate (path, -1, NULL))
    return;
  remove_path (settings, "hidden-studies", path);
  if (recent)
    prepend_path (settings, "recent-studies", path, MAX_RECENT);
}

/**
 * bo_settings_get_repetitions:
 *
 * Returns: how often a study that the window makes builds each cell
 */
guint
bo_settings_get_repetitions (void)
{
  GSettings *settings = bo_settings_get ();

  return settings != NULL ? g_settings_get_uint (settings, "repetitions") : 1;
}

/**
 * bo_settings_get_ask_before_quitting:
 *
 * Returns: whether closing is asked about while a campaign runs that goes on on its device
 */
gboolean
bo_settings_get_ask_before_quitting (void)
{
  GSettings *settings = bo_settings_get ();

  return settings == NULL || g_settings_get_boolean (settings, "ask-before-quitting");
}

static void
theme_changed_cb (GSettings *settings, const char *key, gpointer user_data)
{
  g_autofree char *theme = g_settings_get_string (settings, "theme");
  AdwColorScheme scheme = ADW_COLOR_SCHEME_DEFAULT;

  if (g_str_equal (theme, "light"))
    scheme = ADW_COLOR_SCHEME_FORCE_LIGHT;
  else if (g_str_equal (theme, "dark"))
    scheme = ADW_COLOR_SCHEME_FORCE_DARK;
  adw_style_manager_set_color_scheme (adw_style_manager_get_default (), scheme);
}

/**
 * bo_settings_follow_theme:
 *
 * From now on the windows are light or dark as the settings say.
 */
void
bo_settings_follow_theme (void)
{
  GSettings *settings = bo_settings_get ();

  if (settings == NULL)
    return;
  g_signal_connect (settings, "changed::theme", G_CALLBACK (theme_changed_cb), NULL);
  theme_changed_cb (settings, "theme", NULL);
}

/**
 * bo_settings_get_device:
 * @file: a study
 *
 * Returns: (transfer full) (nullable): the device that it was built on the last time: a saved one's name or a
 *   URL, or %NULL for this computer's engine
 */
char *
bo_settings_get_device (GFile *file)
{
  GSettings *settings = bo_settings_get ();
  g_autoptr (GVariant) devices = NULL;
  g_autofree char *uri = NULL;
  char *device = NULL;

  g_return_val_if_fail (G_IS_FILE (file), NULL);

  if (settings == NULL)
    return NULL;
  devices = g_settings_get_value (settings, "study-devices");
  uri = g_file_get_uri (file);
  g_variant_lookup (devices, uri, "s", &device);
  return device;
}

/**
 * bo_settings_set_device:
 * @file: a study
 * @device: (nullable): a saved device's name or a URL
 */
void
bo_settings_set_device (GFile *file, const char *device)
{
  GSettings *settings = bo_settings_get ();
  g_autoptr (GVariant) devices = NULL;
  g_autofree char *uri = NULL;
  GVariantBuilder builder;
  GVariantIter iter;
  const char *key, *value;

  g_return_if_fail (G_IS_FILE (file));

  if (settings == NULL)
    return;
  uri = g_file_get_uri (file);
  devices = g_settings_get_value (settings, "study-devices");
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a{ss}"));
  g_variant_iter_init (&iter, devices);
  while (g_variant_iter_next (&iter, "{&s&s}", &key, &value))
    if (!g_str_equal (key, uri))
      g_variant_builder_add (&builder, "{ss}", key, value);
  if (device != NULL)
    g_variant_builder_add (&builder, "{ss}", uri, device);
  g_settings_set_value (settings, "study-devices", g_variant_builder_end (&builder));
}

/**
 * bo_settings_get_notify:
 *
 * Returns: whether the end of a campaign is told outside of the window, too
 */
gboolean
bo_settings_get_notify (void)
{
  GSettings *settings = bo_settings_get ();

  return settings == NULL || g_settings_get_boolean (settings, "notify");
}

/**
 * bo_settings_restore_window:
 * @window: a window that is not shown yet
 * @name: of its key ("study-window")
 */
void
bo_settings_restore_window (GtkWindow *window, const char *name)
{
  GSettings *settings = bo_settings_get ();
  int width, height;
  gboolean maximized;

  if (settings == NULL)
    return;
  g_settings_get (settings, name, "(iib)", &width, &height, &maximized);
  if (width > 0 && height > 0)
    gtk_window_set_default_size (window, width, height);
  if (maximized)
    gtk_window_maximize (window);
}

void
bo_settings_save_window (GtkWindow *window, const char *name)
{
  GSettings *settings = bo_settings_get ();
  int width, height;

  if (settings == NULL)
    return;
  gtk_window_get_default_size (window, &width, &height);
  g_settings_set (settings, name, "(iib)", width, height, gtk_window_is_maximized (window));
}
