/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-device-dialog"

#include "config.h"

#include <string.h>

#include <glib/gi18n.h>

#include "device/bo-device.h"
#include "devices/bo-device-dialog.h"
#include "devices/bo-device-test.h"
#include "engine/bo-tls-relay.h"

struct _BoDeviceDialog
{
  AdwWindow parent_instance;

  /* Template widgets */
  AdwWindowTitle *title;
  GtkButton *save;
  AdwEntryRow *name;
  AdwComboRow *kind;
  AdwEntryRow *host;
  AdwEntryRow *user;
  AdwEntryRow *port;
  AdwEntryRow *path;
  AdwActionRow *certificates;
  AdwEntryRow *url;
  GtkRevealer *problem;
  GtkLabel *problem_text;

  /* Owned references */
  BoDeviceList *list;
  BoDeviceItem *item;   /* (nullable): the one that is changed */
  BoDeviceUrl *parsed;  /* (nullable): what is filled in, when it can be used */

  gboolean is_filling;  /* we write into the fields ourselves */
  gboolean was_named;   /* a person gave it a name */
};

G_DEFINE_FINAL_TYPE (BoDeviceDialog, bo_device_dialog, ADW_TYPE_WINDOW)

enum
{
  SIGNAL_SAVED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

static const char *
get_text (AdwEntryRow *row)
{
  return gtk_editable_get_text (GTK_EDITABLE (row));
}

static void
set_text (AdwEntryRow *row, const char *text)
{
  if (text == NULL)
    text = "";
  if (strcmp (get_text (row), text) != 0)
    gtk_editable_set_text (GTK_EDITABLE (row), text);
}

static BoDeviceScheme
get_scheme (BoDeviceDialog *self)
{
  static const BoDeviceScheme schemes[] = { BO_DEVICE_SSH, BO_DEVICE_UNIX, BO_DEVICE_TCP };
  guint selected = adw_combo_row_get_selected (self->kind);

  return selected < G_N_ELEMENTS (schemes) ? schemes[selected] : BO_DEVICE_SSH;
}

static void
mark (AdwEntryRow *row, gboolean is_wrong)
{
  if (is_wrong)
    gtk_widget_add_css_class (GTK_WIDGET (row), "error");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (row), "error");
  gtk_accessible_update_state (GTK_ACCESSIBLE (row), GTK_ACCESSIBLE_STATE_INVALID,
                               is_wrong ? GTK_ACCESSIBLE_INVALID_TRUE : GTK_ACCESSIBLE_INVALID_FALSE, -1);
}

/* Only the fields that mean something for the kind of connection are there. */
static void
show_fields (BoDeviceDialog *self)
{
  BoDeviceScheme scheme = get_scheme (self);

  gtk_widget_set_visible (GTK_WIDGET (self->host), scheme != BO_DEVICE_UNIX);
  gtk_widget_set_visible (GTK_WIDGET (self->user), scheme == BO_DEVICE_SSH);
  gtk_widget_set_visible (GTK_WIDGET (self->port), scheme != BO_DEVICE_UNIX);
  gtk_widget_set_visible (GTK_WIDGET (self->path), scheme != BO_DEVICE_TCP);
  gtk_widget_set_visible (GTK_WIDGET (self->certificates), scheme == BO_DEVICE_TCP);
  adw_preferences_row_set_title (ADW_PREFERENCES_ROW (self->path),
                                 scheme == BO_DEVICE_SSH ? _ ("Engine Socket on the Device (found if empty)")
                                                         : _ ("Engine Socket"));
}

/* A host is a good name to begin with: "orin-nano" of "orin-nano.local". */
static void
suggest_name (BoDeviceDialog *self)
{
  g_autofree char *name = NULL;
  g_autoptr (GInetAddress) address = NULL;

  if (self->was_named || self->item != NULL || self->parsed == NULL || self->parsed->host == NULL)
    return;
  address = g_inet_address_new_from_string (self->parsed->host);
  name = g_strdup (self->parsed->host);
  if (address == NULL && strchr (name, '.') != NULL)
    *strchr (name, '.') = '\0';
  if (!bo_device_list_check_name (self->list, name, NULL, NULL))
    return;
  self->is_filling = TRUE;
  set_text (self->name, name);
  self->is_filling = FALSE;
}

static gboolean
is_right_without (BoDeviceDialog *self, AdwEntryRow *row)
{
  g_autoptr (BoDeviceUrl) url
      = bo_device_url_build (get_scheme (self), row == self->user ? NULL : get_text (self->user), get_text (self->host),
                             row == self->port ? NULL : get_text (self->port),
                             row == self->path ? NULL : get_text (self->path), NULL);

  return url != NULL;
}

/* The field that is wrong is the one without which all would be right; else it is the one that must be there. */
static void
mark_fields (BoDeviceDialog *self, gboolean is_wrong)
{
  AdwEntryRow *optional[] = { self->user, self->port, self->path };
  AdwEntryRow *needed = get_scheme (self) == BO_DEVICE_UNIX ? self->path : self->host;
  AdwEntryRow *wrong = NULL;

  for (guint i = 0; i < G_N_ELEMENTS (optional) && is_wrong && wrong == NULL; i++)
    if (optional[i] != needed && is_right_without (self, optional[i]))
      wrong = optional[i];
  if (is_wrong && wrong == NULL)
    wrong = needed;
  for (guint i = 0; i < G_N_ELEMENTS (optional); i++)
    mark (optional[i], optional[i] == wrong);
  mark (self->host, self->host == wrong);
}

/* What is wrong, if anything is; a field that is still to be filled in is not wrong yet. */
static void
judge (BoDeviceDialog *self, const GError *url_error, gboolean from_url)
{
  const char *name = get_text (self->name);
  const char *old_name = self->item != NULL ? bo_device_item_get_name (self->item) : NULL;
  g_autoptr (GError) name_error = NULL;
  gboolean is_begun = from_url ? get_text (self->url)[0] != '\0'
                               : get_text (get_scheme (self) == BO_DEVICE_UNIX ? self->path : self->host)[0] != '\0';
  const GError *error;

  if (!bo_device_list_check_name (self->list, name, old_name, &name_error) && name[0] == '\0' && !self->was_named)
    g_clear_error (&name_error);
  error = url_error != NULL && is_begun ? url_error : name_error;
  mark (self->name, name_error != NULL);
  mark (self->url, url_error != NULL && is_begun && from_url);
  mark_fields (self, url_error != NULL && is_begun && !from_url);
  if (error != NULL)
    {
      g_autofree char *text = g_strdup (error->message);

      gtk_label_set_text (self->problem_text, text);
    }
  gtk_revealer_set_reveal_child (self->problem, error != NULL);
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.save",
                                 self->parsed != NULL && name_error == NULL && name[0] != '\0');
  gtk_widget_action_set_enabled (GTK_WIDGET (self), "dialog.test", self->parsed != NULL);
}

static void
fill_fields (BoDeviceDialog *self, const BoDeviceUrl *url)
{
  static const guint selected[] = { [BO_DEVICE_SSH] = 0, [BO_DEVICE_UNIX] = 1, [BO_DEVICE_TCP] = 2 };
  g_autofree char *port = url->port != 0 ? g_strdup_printf ("%u", url->port) : NULL;

  self->is_filling = TRUE;
  adw_combo_row_set_selected (self->kind, selected[url->scheme]);
  set_text (self->host, url->host);
  set_text (self->user, url->user);
  set_text (self->port, port);
  set_text (self->path, url->path);
  self->is_filling = FALSE;
  show_fields (self);
}

/* A person changed one of the fields. */
static void
read_fields (BoDeviceDialog *self)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *text = NULL;

  g_clear_pointer (&self->parsed, bo_device_url_free);
  self->parsed = bo_device_url_build (get_scheme (self), get_text (self->user), get_text (self->host),
                                      get_text (self->port), get_text (self->path), &error);
  text = self->parsed != NULL ? bo_device_url_to_string (self->parsed) : NULL;
  self->is_filling = TRUE;
  set_text (self->url, text);
  self->is_filling = FALSE;
  suggest_name (self);
  judge (self, error, FALSE);
}

static void
field_cb (BoDeviceDialog *self)
{
  g_autoptr (BoDeviceUrl) whole = NULL;

  if (self->is_filling)
    return;
  /* Somebody put a whole URL where only the host belongs. */
  if (strstr (get_text (self->host), "://") != NULL)
    whole = bo_device_url_parse (get_text (self->host), NULL);
  if (whole != NULL)
    fill_fields (self, whole);
  read_fields (self);
}

static void
kind_cb (BoDeviceDialog *self)
{
  if (self->is_filling)
    return;
  /* The local socket is where it always is, until somebody says otherwise. */
  if (get_scheme (self) == BO_DEVICE_UNIX && get_text (self->path)[0] == '\0')
    {
      self->is_filling = TRUE;
      set_text (self->path, "/var/run/docker.sock");
      self->is_filling = FALSE;
    }
  show_fields (self);
  read_fields (self);
}

static void
url_cb (BoDeviceDialog *self)
{
  g_autoptr (GError) error = NULL;

  if (self->is_filling)
    return;
  g_clear_pointer (&self->parsed, bo_device_url_free);
  self->parsed = bo_device_url_parse (get_text (self->url), &error);
  if (self->parsed != NULL)
    fill_fields (self, self->parsed);
  suggest_name (self);
  judge (self, error, TRUE);
}

static void
name_cb (BoDeviceDialog *self)
{
  if (self->is_filling)
    return;
  self->was_named = TRUE;
  if (self->parsed != NULL)
    judge (self, NULL, FALSE);
  else
    read_fields (self);
}

static void
save_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BoDeviceDialog *self = BO_DEVICE_DIALOG (widget);
  g_autofree char *name = g_strdup (get_text (self->name));
  g_autofree char *url = bo_device_url_to_string (self->parsed);
  g_autoptr (GError) error = NULL;
  gboolean ok;

  if (self->item != NULL)
    ok = bo_device_list_change (self->list, self->item, name, url, &error);
  else
    ok = bo_device_list_add (self->list, name, url, &error);
  if (!ok)
    {
      gtk_label_set_text (self->problem_text, error->message);
      gtk_revealer_set_reveal_child (self->problem, TRUE);
      return;
    }
  g_signal_emit (self, signals[SIGNAL_SAVED], 0, name);
  gtk_window_close (GTK_WINDOW (self));
}

/* Return in any field saves, if it can. */
static void
apply_cb (BoDeviceDialog *self)
{
  gtk_widget_activate_action (GTK_WIDGET (self), "dialog.save", NULL);
}

static void
test_cb (GtkWidget *widget, const char *action, GVariant *parameter)
{
  BoDeviceDialog *self = BO_DEVICE_DIALOG (widget);
  g_autofree char *url = bo_device_url_to_string (self->parsed);
  g_autoptr (BoDeviceItem) item = bo_device_item_new (get_text (self->name)[0] != '\0' ? get_text (self->name) : NULL, url);

  gtk_window_present (GTK_WINDOW (bo_device_test_new (GTK_WINDOW (self), item)));
}

static void
bo_device_dialog_dispose (GObject *object)
{
  BoDeviceDialog *self = BO_DEVICE_DIALOG (object);

  adw_window_set_content (ADW_WINDOW (self), NULL);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_DEVICE_DIALOG);
  g_clear_object (&self->list);
  g_clear_object (&self->item);
  g_clear_pointer (&self->parsed, bo_device_url_free);

  G_OBJECT_CLASS (bo_device_dialog_parent_class)->dispose (object);
}

static void
bo_device_dialog_class_init (BoDeviceDialogClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_device_dialog_dispose;
  signals[SIGNAL_SAVED] = g_signal_new ("saved", BO_TYPE_DEVICE_DIALOG, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 1, G_TYPE_STRING);

  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-device-dialog.ui");
  gtk_widget_class_bind_template_child (widget_class, BoDeviceDialog, title);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceDialog, save);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceDialog, name);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceDialog, kind);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceDialog, host);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceDialog, user);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceDialog, port);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceDialog, path);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceDialog, certificates);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceDialog, url);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceDialog, problem);
  gtk_widget_class_bind_template_child (widget_class, BoDeviceDialog, problem_text);
  gtk_widget_class_bind_template_callback (widget_class, name_cb);
  gtk_widget_class_bind_template_callback (widget_class, kind_cb);
  gtk_widget_class_bind_template_callback (widget_class, field_cb);
  gtk_widget_class_bind_template_callback (widget_class, url_cb);
  gtk_widget_class_bind_template_callback (widget_class, apply_cb);
  gtk_widget_class_install_action (widget_class, "dialog.save", NULL, save_cb);
  gtk_widget_class_install_action (widget_class, "dialog.test", NULL, test_cb);
  gtk_widget_class_add_binding_action (widget_class, GDK_KEY_Escape, 0, "window.close", NULL);
}

static void
bo_device_dialog_init (BoDeviceDialog *self)
{
  g_autofree char *folder = bo_tls_relay_get_folder ();

  gtk_widget_init_template (GTK_WIDGET (self));
  adw_action_row_set_subtitle (self->certificates, folder);
}

/**
 * bo_device_dialog_new:
 * @parent: over which window
 * @list: where it is saved
 * @item: (nullable): the saved device to be changed, or %NULL to add one
 */
BoDeviceDialog *
bo_device_dialog_new (GtkWindow *parent, BoDeviceList *list, BoDeviceItem *item)
{
  BoDeviceDialog *self;
  g_autoptr (GError) error = NULL;

  g_return_val_if_fail (BO_IS_DEVICE_LIST (list), NULL);

  self = g_object_new (BO_TYPE_DEVICE_DIALOG, "transient-for", parent, NULL);
  self->list = g_object_ref (list);
  if (item != NULL)
    {
      self->item = g_object_ref (item);
      adw_window_title_set_title (self->title, _ ("Edit Device"));
      gtk_window_set_title (GTK_WINDOW (self), _ ("Edit Device"));
      gtk_button_set_label (self->save, _ ("_Save"));
      self->is_filling = TRUE;
      set_text (self->name, bo_device_item_get_name (item));
      set_text (self->url, bo_device_item_get_url (item));
      self->is_filling = FALSE;
      url_cb (self);
    }
  else
    {
      show_fields (self);
      read_fields (self);
    }
  return self;
}
