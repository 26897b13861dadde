/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-chooser"

#include "config.h"

#include "results/bo-chooser.h"
#include "shell/bo-tooltip.h"

/* With more, one is found faster by typing. */
#define SEARCH_FROM 10
/* With more, the list is filled when there is nothing else to do: a thousand titles take as long as a frame may. */
#define AT_ONCE 50

struct _BoChooser
{
  GtkWidget parent_instance;

  GtkDropDown *drop_down;

  GStrv keys;
  GStrv titles;
  char *chosen;
  guint idle;
  gboolean filling;
};

G_DEFINE_FINAL_TYPE (BoChooser, bo_chooser, GTK_TYPE_WIDGET)

enum
{
  CHOSEN,
  N_SIGNALS,
};

static guint signals[N_SIGNALS];

static void
setup_short_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_ellipsize (GTK_LABEL (label), PANGO_ELLIPSIZE_MIDDLE);
  gtk_label_set_width_chars (GTK_LABEL (label), 4);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 34);
  gtk_list_item_set_child (item, label);
}

static void
setup_long_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkWidget *label = gtk_label_new (NULL);

  gtk_label_set_xalign (GTK_LABEL (label), 0);
  gtk_label_set_wrap (GTK_LABEL (label), TRUE);
  gtk_label_set_wrap_mode (GTK_LABEL (label), PANGO_WRAP_WORD_CHAR);
  gtk_label_set_max_width_chars (GTK_LABEL (label), 40);
  gtk_list_item_set_child (item, label);
}

static void
bind_cb (GtkSignalListItemFactory *factory, GtkListItem *item, gpointer user_data)
{
  GtkStringObject *text = gtk_list_item_get_item (item);

  gtk_label_set_text (GTK_LABEL (gtk_list_item_get_child (item)), gtk_string_object_get_string (text));
}

static void
selected_cb (BoChooser *self)
{
  guint selected = gtk_drop_down_get_selected (self->drop_down);

  if (self->filling || self->keys == NULL || selected >= g_strv_length (self->keys))
    return;
  g_free (self->chosen);
  self->chosen = g_strdup (self->keys[selected]);
  bo_tooltip_set (GTK_WIDGET (self->drop_down), self->titles[selected]);
  g_signal_emit (self, signals[CHOSEN], 0);
}

/* What is chosen is seen; until the list is filled it is all of the list. */
static void
show_chosen (BoChooser *self)
{
  self->filling = TRUE;
  for (guint i = 0; self->keys != NULL && self->keys[i] != NULL; i++)
    if (g_strcmp0 (self->keys[i], self->chosen) == 0)
      {
        const char *const only[] = { self->titles[i], NULL };
        g_autoptr (GtkStringList) model = self->idle > 0 ? gtk_string_list_new (only) : NULL;

        if (model != NULL)
          gtk_drop_down_set_model (self->drop_down, G_LIST_MODEL (model));
        gtk_drop_down_set_selected (self->drop_down, model != NULL ? 0 : i);
        bo_tooltip_set (GTK_WIDGET (self->drop_down), self->titles[i]);
      }
  self->filling = FALSE;
}

static gboolean
fill_cb (gpointer user_data)
{
  BoChooser *self = BO_CHOOSER (user_data);
  g_autoptr (GtkStringList) model = gtk_string_list_new ((const char *const *) self->titles);

  self->idle = 0;
  self->filling = TRUE;
  gtk_drop_down_set_model (self->drop_down, G_LIST_MODEL (model));
  gtk_drop_down_set_enable_search (self->drop_down, g_strv_length (self->keys) >= SEARCH_FROM);
  self->filling = FALSE;
  show_chosen (self);
  return G_SOURCE_REMOVE;
}

static void
bo_chooser_dispose (GObject *object)
{
  BoChooser *self = BO_CHOOSER (object);

  g_clear_handle_id (&self->idle, g_source_remove);
  if (self->drop_down != NULL)
    gtk_widget_unparent (GTK_WIDGET (self->drop_down));
  self->drop_down = NULL;

  G_OBJECT_CLASS (bo_chooser_parent_class)->dispose (object);
}

static void
bo_chooser_finalize (GObject *object)
{
  BoChooser *self = BO_CHOOSER (object);

  g_strfreev (self->keys);
  g_strfreev (self->titles);
  g_free (self->chosen);

  G_OBJECT_CLASS (bo_chooser_parent_class)->finalize (object);
}

static void
bo_chooser_class_init (BoChooserClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_chooser_dispose;
  G_OBJECT_CLASS (klass)->finalize = bo_chooser_finalize;
  signals[CHOSEN] = g_signal_new ("chosen", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 0);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static GtkListItemFactory *
make_factory (GCallback setup)
{
  GtkListItemFactory *factory = gtk_signal_list_item_factory_new ();

  g_signal_connect (factory, "setup", setup, NULL);
  g_signal_connect (factory, "bind", G_CALLBACK (bind_cb), NULL);
  return factory;
}

static void
bo_chooser_init (BoChooser *self)
{
  g_autoptr (GtkListItemFactory) in_button = make_factory (G_CALLBACK (setup_short_cb));
  g_autoptr (GtkListItemFactory) in_list = make_factory (G_CALLBACK (setup_long_cb));

  self->drop_down = GTK_DROP_DOWN (gtk_drop_down_new (
    NULL, gtk_property_expression_new (GTK_TYPE_STRING_OBJECT, NULL, "string")));
  gtk_drop_down_set_factory (self->drop_down, in_button);
  gtk_drop_down_set_list_factory (self->drop_down, in_list);
  gtk_widget_set_parent (GTK_WIDGET (self->drop_down), GTK_WIDGET (self));
  g_signal_connect_object (self->drop_down, "notify::selected", G_CALLBACK (selected_cb), self, G_CONNECT_SWAPPED);
}

/**
 * bo_chooser_new:
 * @label: what is chosen, for a screen reader
 */
GtkWidget *
bo_chooser_new (const char *label)
{
  BoChooser *self = g_object_new (BO_TYPE_CHOOSER, NULL);

  gtk_accessible_update_property (GTK_ACCESSIBLE (self->drop_down), GTK_ACCESSIBLE_PROPERTY_LABEL, label, -1);
  return GTK_WIDGET (self);
}

static gboolean
same (const char *const *a, char **b)
{
  return b != NULL && g_strv_equal (a, (const char *const *) b);
}

/**
 * bo_chooser_set_items:
 * @self: the chooser
 * @keys: what the things are known by
 * @titles: what they are called, as many
 * @chosen: (nullable): key of the one that is chosen
 *
 * This emits nothing.
 */
void
bo_chooser_set_items (BoChooser *self, const char *const *keys, const char *const *titles, const char *chosen)
{
  g_return_if_fail (BO_IS_CHOOSER (self));
  g_return_if_fail (g_strv_length ((char **) keys) == g_strv_length ((char **) titles));

  /* A list that is open stays as it is while results come in. */
  if (!same (keys, self->keys) || !same (titles, self->titles))
    {
      g_strfreev (self->keys);
      g_strfreev (self->titles);
      self->keys = g_strdupv ((char **) keys);
      self->titles = g_strdupv ((char **) titles);
      g_clear_handle_id (&self->idle, g_source_remove);
      if (g_strv_length (self->keys) > AT_ONCE)
        self->idle = g_idle_add_full (G_PRIORITY_LOW, fill_cb, self, NULL);
      else
        fill_cb (self);
    }
  bo_chooser_choose (self, chosen);
}

/**
 * bo_chooser_get_chosen:
 *
 * Returns: (nullable): key of what is chosen
 */
const char *
bo_chooser_get_chosen (BoChooser *self)
{
  g_return_val_if_fail (BO_IS_CHOOSER (self), NULL);

  return self->chosen;
}

/* Chooses the thing with that key; this emits nothing. */
void
bo_chooser_choose (BoChooser *self, const char *key)
{
  g_return_if_fail (BO_IS_CHOOSER (self));

  if (self->keys == NULL || key == NULL || !g_strv_contains ((const char *const *) self->keys, key))
    return;
  if (key != self->chosen)
    {
      g_free (self->chosen);
      self->chosen = g_strdup (key);
    }
  show_chosen (self);
}
