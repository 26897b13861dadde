/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-link-bar"

#include "config.h"

#include <glib/gi18n.h>

#include "bench/bo-campaign-folder.h"
#include "devices/bo-device-list.h"
#include "engine/bo-engine-error.h"
#include "session/bo-session-words.h"
#include "shell/bo-link-bar.h"

struct _BoLinkBar
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkRevealer *revealer;
  GtkWidget *box;
  GtkImage *icon;
  GtkLabel *title;
  GtkLabel *detail;
  GtkButton *button;

  BoOpenStudy *study;
  BoLinkNews news;
  guint tick_id;
};

G_DEFINE_FINAL_TYPE (BoLinkBar, bo_link_bar, GTK_TYPE_WIDGET)

static void update (BoLinkBar *self);

static gboolean
tick_cb (gpointer user_data)
{
  update (BO_LINK_BAR (user_data));
  return G_SOURCE_CONTINUE;
}

/* --- What there is to tell ----------------------------------------------------------------- */

static char *
join (const char *first, const char *second)
{
  if (first == NULL || second == NULL)
    return g_strdup (first != NULL ? first : second);
  return g_strdup_printf ("%s\n%s", first, second);
}

static char *
capitalize (const char *text)
{
  gunichar first = g_unichar_totitle (g_utf8_get_char (text));
  char start[7] = "";

  if (*text == '\0')
    return g_strdup (text);
  start[g_unichar_to_utf8 (first, start)] = '\0';
  return g_strconcat (start, g_utf8_next_char (text), NULL);
}

static void
tell_link (BoLinkBar *self, BoSession *session)
{
  BoLink *link = bo_session_get_link (session);
  const GError *error = bo_link_get_error (link);
  const char *consequence = bo_session_describe_consequence (session);
  g_autofree char *words = bo_session_describe_link (session);
  g_autofree char *title = words != NULL ? capitalize (words) : NULL;
  g_autofree char *reason = error != NULL ? capitalize (error->message) : NULL;
  g_autofree char *detail = NULL;

  switch (bo_link_get_state (link))
    {
    case BO_LINK_CONNECTED:
      if (words == NULL)
        break;
      bo_link_bar_show (self, BO_LINK_NEWS_LATE, title, reason, NULL);
      return;
    case BO_LINK_RECONNECTING:
      detail = join (reason, consequence);
      bo_link_bar_show (self, BO_LINK_NEWS_RECONNECTING, title, detail, _ ("_Try Now"));
      return;
    case BO_LINK_LOST:
      /* A first connection that fails ends the session, which tells why. */
      if (bo_session_get_stage (session) <= BO_SESSION_CONNECTING)
        break;
      detail = join (reason,
                     error != NULL && error->domain == BO_ENGINE_ERROR ? bo_engine_error_get_remedy (error) : NULL);
      bo_link_bar_show (self, BO_LINK_NEWS_LOST,
                        bo_session_get_place (session) == BO_PLACE_DEVICE
                            ? _ ("The connection is lost; the campaign goes on on the device")
                            : _ ("The connection to the device is lost"),
                        detail, _ ("_Try Again"));
      return;
    case BO_LINK_OPENING:
    case BO_LINK_CLOSED:
    default:
      break;
    }
  bo_link_bar_show (self, BO_LINK_NEWS_NONE, NULL, NULL, NULL);
}

static void
tell_unfinished (BoLinkBar *self, const BoStudyResults *results)
{
  BoDeviceItem *item = bo_device_list_find (bo_device_list_get_default (), results->device);
  g_autofree char *folder = bo_campaign_folder_get_path (results->unfinished);
  g_autofree char *title = NULL;

  if (bo_campaign_folder_get_device (folder, NULL, NULL))
    {
      title = g_strdup_printf (_ ("A campaign of this study runs on %s"),
                               item != NULL ? bo_device_item_get_title (item) : results->device);
      bo_link_bar_show (self, BO_LINK_NEWS_FOLLOW, title,
                        _ ("It goes on there by itself; what has finished since is fetched when you follow it."),
                        _ ("_Follow"));
    }
  else
    bo_link_bar_show (self, BO_LINK_NEWS_CUT, _ ("The last campaign did not get to its end"),
                      _ ("It ran from this computer and was cut off, or another program runs it now. What had finished is "
                         "kept."),
                      _ ("_Clean Up"));
}

static void
update (BoLinkBar *self)
{
  BoStudyResults *results = bo_open_study_get_results (self->study);

  if (bo_open_study_is_running (self->study))
    tell_link (self, bo_open_study_get_session (self->study));
  else if (results != NULL && results->unfinished != NULL && !bo_open_study_is_loading (self->study))
    tell_unfinished (self, results);
  else
    bo_link_bar_show (self, BO_LINK_NEWS_NONE, NULL, NULL, NULL);
}

static void
changed_cb (BoOpenStudy *study, gpointer user_data)
{
  update (BO_LINK_BAR (user_data));
}

/* --- The bar ------------------------------------------------------------------------------- */

static void
clicked_cb (GtkButton *button, gpointer user_data)
{
  BoLinkBar *self = BO_LINK_BAR (user_data);
  BoStudyResults *results = bo_open_study_get_results (self->study);
  g_autoptr (GError) error = NULL;

  if (bo_open_study_is_running (self->study))
    bo_link_retry (bo_session_get_link (bo_open_study_get_session (self->study)));
  else if (results != NULL && results->unfinished != NULL)
    {
      if (!bo_open_study_attach (self->study, results->unfinished, &error))
        gtk_widget_activate_action (GTK_WIDGET (self), "win.toast", "s", error->message);
      else if (self->news == BO_LINK_NEWS_FOLLOW)
        gtk_widget_activate_action (GTK_WIDGET (self), "win.page", "s", "activity");
    }
}

/**
 * bo_link_bar_show:
 * @self: the bar
 * @news: what it tells
 * @title: (nullable): that in a few words
 * @detail: (nullable): more about it
 * @button: (nullable): what can be done
 */
void
bo_link_bar_show (BoLinkBar *self, BoLinkNews news, const char *title, const char *detail, const char *button)
{
  static const char *const icons[] = { NULL, "media-playback-start-symbolic", "dialog-warning-symbolic",
                                       "network-idle-symbolic", "network-offline-symbolic", "network-error-symbolic" };

  g_return_if_fail (BO_IS_LINK_BAR (self));

  /* What goes keeps its words while it goes. */
  if (news != BO_LINK_NEWS_NONE)
    {
      gtk_label_set_text (self->title, title);
      gtk_label_set_text (self->detail, detail != NULL ? detail : "");
      gtk_widget_set_visible (GTK_WIDGET (self->detail), detail != NULL);
      gtk_widget_set_tooltip_text (GTK_WIDGET (self->detail), detail);
      gtk_button_set_label (self->button, button != NULL ? button : "");
      gtk_widget_set_visible (GTK_WIDGET (self->button), button != NULL);
      gtk_image_set_from_icon_name (self->icon, icons[news]);
      gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, title, -1);
      if (news == BO_LINK_NEWS_LOST)
        gtk_widget_add_css_class (self->box, "lost");
      else
        gtk_widget_remove_css_class (self->box, "lost");
      if (news == BO_LINK_NEWS_FOLLOW)
        gtk_widget_add_css_class (self->box, "follow");
      else
        gtk_widget_remove_css_class (self->box, "follow");
    }
  self->news = news;
  gtk_revealer_set_reveal_child (self->revealer, news != BO_LINK_NEWS_NONE);
  if (news == BO_LINK_NEWS_RECONNECTING && self->study != NULL && self->tick_id == 0)
    self->tick_id = g_timeout_add_seconds (1, tick_cb, self);
  else if (news != BO_LINK_NEWS_RECONNECTING)
    g_clear_handle_id (&self->tick_id, g_source_remove);
}

BoLinkNews
bo_link_bar_get_news (BoLinkBar *self)
{
  g_return_val_if_fail (BO_IS_LINK_BAR (self), BO_LINK_NEWS_NONE);

  return self->news;
}

const char *
bo_link_bar_get_title (BoLinkBar *self)
{
  g_return_val_if_fail (BO_IS_LINK_BAR (self), NULL);

  return gtk_label_get_text (self->title);
}

static void
bo_link_bar_dispose (GObject *object)
{
  BoLinkBar *self = BO_LINK_BAR (object);
  GtkWidget *child;

  g_clear_handle_id (&self->tick_id, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_LINK_BAR);
  if (self->study != NULL)
    g_signal_handlers_disconnect_by_data (self->study, self);
  g_clear_object (&self->study);

  G_OBJECT_CLASS (bo_link_bar_parent_class)->dispose (object);
}

static void
bo_link_bar_class_init (BoLinkBarClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_link_bar_dispose;
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-link-bar.ui");
  gtk_widget_class_bind_template_child (widget_class, BoLinkBar, revealer);
  gtk_widget_class_bind_template_child (widget_class, BoLinkBar, box);
  gtk_widget_class_bind_template_child (widget_class, BoLinkBar, icon);
  gtk_widget_class_bind_template_child (widget_class, BoLinkBar, title);
  gtk_widget_class_bind_template_child (widget_class, BoLinkBar, detail);
  gtk_widget_class_bind_template_child (widget_class, BoLinkBar, button);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bo_link_bar_init (BoLinkBar *self)
{
  gtk_widget_init_template (GTK_WIDGET (self));
}

/**
 * bo_link_bar_set_open_study:
 * @self: the bar
 * @study: the study whose device it tells about
 */
void
bo_link_bar_set_open_study (BoLinkBar *self, BoOpenStudy *study)
{
  g_return_if_fail (BO_IS_LINK_BAR (self));
  g_return_if_fail (BO_IS_OPEN_STUDY (study) && self->study == NULL);

  self->study = g_object_ref (study);
  g_signal_connect (study, "loaded", G_CALLBACK (changed_cb), self);
  g_signal_connect (study, "session-changed", G_CALLBACK (changed_cb), self);
  update (self);
}
