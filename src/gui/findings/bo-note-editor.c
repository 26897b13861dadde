/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-note-editor"

#include "config.h"

#include <glib/gi18n.h>

#include "findings/bo-findings-parts.h"
#include "findings/bo-note-editor.h"

/* So long nothing is typed before it is saved. */
#define PAUSE_MS 1200

struct _BoNoteEditor
{
  GtkWidget parent_instance;

  /* Template widgets */
  GtkStack *stack;
  GtkButton *button;
  GtkImage *icon;
  GtkLabel *label;
  GtkTextView *view;
  GtkWidget *problem;
  GtkLabel *problem_text;

  char *key;
  char *subject;
  char *add_label;
  /* What the store has, as far as is known here. */
  char *stored;
  /* What it was when it was entered. */
  char *initial;
  /* What the user wants it to be. */
  char *text;
  guint pause_id;
};

enum
{
  SAVE,
  EDITED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (BoNoteEditor, bo_note_editor, GTK_TYPE_WIDGET)

static void
take_text (char **place, const char *text)
{
  char *copy = g_strdup (text != NULL ? text : "");

  g_free (*place);
  *place = copy;
}

static void
show_text (BoNoteEditor *self)
{
  gboolean empty = self->text[0] == '\0';
  g_autofree char *name = NULL;

  gtk_label_set_text (self->label, empty ? self->add_label : self->text);
  gtk_image_set_from_icon_name (self->icon, empty ? "list-add-symbolic" : "document-edit-symbolic");
  if (empty)
    gtk_widget_add_css_class (GTK_WIDGET (self->button), "dim-label");
  else
    gtk_widget_remove_css_class (GTK_WIDGET (self->button), "dim-label");
  name = empty ? g_strdup_printf ("%s: %s", self->subject, self->add_label)
               : g_strdup_printf (_ ("Note on %s: %s"), self->subject, self->text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->button), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
}

static void
ask_to_save (BoNoteEditor *self)
{
  g_clear_handle_id (&self->pause_id, g_source_remove);
  if (!g_str_equal (self->text, self->stored))
    g_signal_emit (self, signals[SAVE], 0, self->text);
}

static gboolean
pause_cb (gpointer user_data)
{
  BoNoteEditor *self = BO_NOTE_EDITOR (user_data);

  self->pause_id = 0;
  ask_to_save (self);
  return G_SOURCE_REMOVE;
}

static void
changed_cb (GtkTextBuffer *buffer, gpointer user_data)
{
  BoNoteEditor *self = BO_NOTE_EDITOR (user_data);
  GtkTextIter start, end;

  if (!bo_note_editor_is_editing (self))
    return;
  gtk_text_buffer_get_bounds (buffer, &start, &end);
  g_free (self->text);
  self->text = g_strstrip (gtk_text_buffer_get_text (buffer, &start, &end, TRUE));
  g_clear_handle_id (&self->pause_id, g_source_remove);
  self->pause_id = g_timeout_add (PAUSE_MS, pause_cb, self);
}

static void
leave (BoNoteEditor *self, gboolean focus)
{
  if (!bo_note_editor_is_editing (self))
    return;
  gtk_stack_set_visible_child_name (self->stack, "show");
  show_text (self);
  if (focus)
    gtk_widget_grab_focus (GTK_WIDGET (self->button));
  ask_to_save (self);
  g_signal_emit (self, signals[EDITED], 0);
}

static void
focus_left_cb (GtkEventControllerFocus *controller, gpointer user_data)
{
  leave (BO_NOTE_EDITOR (user_data), FALSE);
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint key, guint code, GdkModifierType state, gpointer user_data)
{
  BoNoteEditor *self = BO_NOTE_EDITOR (user_data);

  if (key == GDK_KEY_Escape)
    {
      take_text (&self->text, self->initial);
      leave (self, TRUE);
      return TRUE;
    }
  /* With Shift it is a line's end. */
  if ((key == GDK_KEY_Return || key == GDK_KEY_KP_Enter) && (state & GDK_SHIFT_MASK) == 0)
    {
      leave (self, TRUE);
      return TRUE;
    }
  return FALSE;
}

static void
clicked_cb (GtkButton *button, gpointer user_data)
{
  bo_note_editor_edit (BO_NOTE_EDITOR (user_data));
}

static void
retry_cb (GtkButton *button, gpointer user_data)
{
  bo_note_editor_flush (BO_NOTE_EDITOR (user_data));
}

static void
bo_note_editor_dispose (GObject *object)
{
  BoNoteEditor *self = BO_NOTE_EDITOR (object);
  GtkWidget *child;

  g_clear_handle_id (&self->pause_id, g_source_remove);
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  gtk_widget_dispose_template (GTK_WIDGET (self), BO_TYPE_NOTE_EDITOR);

  G_OBJECT_CLASS (bo_note_editor_parent_class)->dispose (object);
}

static void
bo_note_editor_finalize (GObject *object)
{
  BoNoteEditor *self = BO_NOTE_EDITOR (object);

  g_free (self->key);
  g_free (self->subject);
  g_free (self->add_label);
  g_free (self->stored);
  g_free (self->initial);
  g_free (self->text);

  G_OBJECT_CLASS (bo_note_editor_parent_class)->finalize (object);
}

static void
bo_note_editor_class_init (BoNoteEditorClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->dispose = bo_note_editor_dispose;
  G_OBJECT_CLASS (klass)->finalize = bo_note_editor_finalize;
  signals[SAVE] = g_signal_new ("save", BO_TYPE_NOTE_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                                G_TYPE_STRING);
  signals[EDITED] = g_signal_new ("edited", BO_TYPE_NOTE_EDITOR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  gtk_widget_class_set_template_from_resource (widget_class, "/io/github/bakeoff/Bakeoff/bo-note-editor.ui");
  gtk_widget_class_bind_template_child (widget_class, BoNoteEditor, stack);
  gtk_widget_class_bind_template_child (widget_class, BoNoteEditor, button);
  gtk_widget_class_bind_template_child (widget_class, BoNoteEditor, icon);
  gtk_widget_class_bind_template_child (widget_class, BoNoteEditor, label);
  gtk_widget_class_bind_template_child (widget_class, BoNoteEditor, view);
  gtk_widget_class_bind_template_child (widget_class, BoNoteEditor, problem);
  gtk_widget_class_bind_template_child (widget_class, BoNoteEditor, problem_text);
  gtk_widget_class_bind_template_callback (widget_class, clicked_cb);
  gtk_widget_class_bind_template_callback (widget_class, retry_cb);
  gtk_widget_class_set_css_name (widget_class, "note");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_GROUP);
  gtk_widget_class_set_layout_manager_type (widget_class, GTK_TYPE_BIN_LAYOUT);
}

static void
bo_note_editor_init (BoNoteEditor *self)
{
  GtkEventController *keys, *focus;

  take_text (&self->key, NULL);
  take_text (&self->subject, NULL);
  take_text (&self->add_label, NULL);
  take_text (&self->stored, NULL);
  take_text (&self->initial, NULL);
  take_text (&self->text, NULL);
  gtk_widget_init_template (GTK_WIDGET (self));
  bo_findings_set_no_hyphens (self->label);
  bo_findings_set_no_hyphens (GTK_LABEL (self->problem_text));
  keys = gtk_event_controller_key_new ();
  gtk_event_controller_set_propagation_phase (keys, GTK_PHASE_CAPTURE);
  g_signal_connect (keys, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->view), keys);
  focus = gtk_event_controller_focus_new ();
  g_signal_connect (focus, "leave", G_CALLBACK (focus_left_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self->view), focus);
  g_signal_connect (gtk_text_view_get_buffer (self->view), "changed", G_CALLBACK (changed_cb), self);
}

/**
 * bo_note_editor_new:
 * @key: its key in the store
 * @subject: what it is about, for who does not see where it stands
 * @add_label: what stands there while there is no note
 */
BoNoteEditor *
bo_note_editor_new (const char *key, const char *subject, const char *add_label)
{
  BoNoteEditor *self = g_object_new (BO_TYPE_NOTE_EDITOR, NULL);
  g_autofree char *name = g_strdup_printf (_ ("Note on %s"), subject);

  take_text (&self->key, key);
  take_text (&self->subject, subject);
  take_text (&self->add_label, add_label);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self->view), GTK_ACCESSIBLE_PROPERTY_LABEL, name, -1);
  show_text (self);
  return self;
}

const char *
bo_note_editor_get_key (BoNoteEditor *self)
{
  g_return_val_if_fail (BO_IS_NOTE_EDITOR (self), NULL);

  return self->key;
}

/**
 * bo_note_editor_set_text:
 * @self: the editor
 * @text: (nullable): what the store has
 *
 * What the user has typed and is not saved yet is left alone.
 */
void
bo_note_editor_set_text (BoNoteEditor *self, const char *text)
{
  gboolean unsaved;

  g_return_if_fail (BO_IS_NOTE_EDITOR (self));

  unsaved = bo_note_editor_is_unsaved (self);
  take_text (&self->stored, text);
  if (unsaved || bo_note_editor_is_editing (self))
    return;
  take_text (&self->text, text);
  show_text (self);
}

/**
 * bo_note_editor_get_text:
 *
 * Returns: (transfer full): what the user wants the note to be, saved or not
 */
char *
bo_note_editor_get_text (BoNoteEditor *self)
{
  g_return_val_if_fail (BO_IS_NOTE_EDITOR (self), NULL);

  return g_strdup (self->text);
}

void
bo_note_editor_edit (BoNoteEditor *self)
{
  GtkTextBuffer *buffer;
  GtkTextIter end;

  g_return_if_fail (BO_IS_NOTE_EDITOR (self));

  if (bo_note_editor_is_editing (self))
    return;
  take_text (&self->initial, self->text);
  buffer = gtk_text_view_get_buffer (self->view);
  /* Undo ends where the user came in. */
  gtk_text_buffer_begin_irreversible_action (buffer);
  gtk_text_buffer_set_text (buffer, self->text, -1);
  gtk_text_buffer_end_irreversible_action (buffer);
  gtk_text_buffer_get_end_iter (buffer, &end);
  gtk_text_buffer_place_cursor (buffer, &end);
  gtk_stack_set_visible_child_name (self->stack, "edit");
  gtk_widget_grab_focus (GTK_WIDGET (self->view));
}

gboolean
bo_note_editor_is_editing (BoNoteEditor *self)
{
  g_return_val_if_fail (BO_IS_NOTE_EDITOR (self), FALSE);

  return self->stack != NULL && g_strcmp0 (gtk_stack_get_visible_child_name (self->stack), "edit") == 0;
}

gboolean
bo_note_editor_is_unsaved (BoNoteEditor *self)
{
  g_return_val_if_fail (BO_IS_NOTE_EDITOR (self), FALSE);

  return !g_str_equal (self->text, self->stored);
}

/**
 * bo_note_editor_flush:
 * @self: the editor
 *
 * Asks to be saved now if there is something to be saved.
 */
void
bo_note_editor_flush (BoNoteEditor *self)
{
  g_return_if_fail (BO_IS_NOTE_EDITOR (self));

  ask_to_save (self);
}

void
bo_note_editor_saved (BoNoteEditor *self, const char *text)
{
  g_return_if_fail (BO_IS_NOTE_EDITOR (self));

  take_text (&self->stored, text);
  /* The window may have closed while it was written. */
  if (self->problem != NULL)
    gtk_widget_set_visible (self->problem, FALSE);
}

/**
 * bo_note_editor_failed:
 * @self: the editor
 * @message: why it could not be saved
 */
void
bo_note_editor_failed (BoNoteEditor *self, const char *message)
{
  g_autofree char *text = NULL;

  g_return_if_fail (BO_IS_NOTE_EDITOR (self));

  if (self->problem == NULL)
    return;
  text = g_strdup_printf (_ ("Not saved: %s"), message);
  gtk_label_set_text (self->problem_text, text);
  gtk_widget_set_visible (self->problem, TRUE);
}

/**
 * bo_note_editor_get_problem:
 *
 * Returns: (transfer none) (nullable): why it could not be saved the last time
 */
const char *
bo_note_editor_get_problem (BoNoteEditor *self)
{
  g_return_val_if_fail (BO_IS_NOTE_EDITOR (self), NULL);

  return gtk_widget_get_visible (self->problem) ? gtk_label_get_text (self->problem_text) : NULL;
}
