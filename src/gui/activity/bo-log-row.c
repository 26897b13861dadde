/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-row"

#include "config.h"

#include <math.h>
#include <string.h>

#include <glib/gi18n.h>

#include "activity/bo-log-row.h"
#include "journal/bo-log-severity.h"

/* Room at both sides. */
#define PADDING 12
/* Letters that are laid out at both sides of what is seen, so that not each pixel of scrolling lays out anew. */
#define SPARE_LETTERS 64
/* What is not only letters of one width is laid out as a whole, so there is less of it. */
#define COMPLEX_BYTES 4000
/* So many marks of a search are drawn in one line. */
#define MATCHES_MAX 200

struct _BoLogRow
{
  GtkWidget parent_instance;

  BoLogLook *look; /* (unowned): of the list, which outlives its lines */
  BoLogPlace place;
  gint64 time_us;

  char *text; /* without escape sequences, and as much of it as is shown */
  gsize length;
  gsize hidden;  /* bytes that are not */
  GArray *spans; /* (nullable) of BoAnsiSpan */
  BoLogSeverity severity;
  gboolean simple; /* one byte, one letter, one width */

  PangoLayout *time_layout; /* (nullable) */
  PangoLayout *layout;      /* (nullable): of the bytes from @first to @last */
  gsize first;
  gsize last;

  double scroll;
  gsize mark_begin;
  gsize mark_end;
  gboolean current;
};

G_DEFINE_FINAL_TYPE (BoLogRow, bo_log_row, GTK_TYPE_WIDGET)

/**
 * bo_log_row_format_time:
 * @time_us: since the build began
 *
 * Returns: (transfer full): "12:40", or "1:02:03"
 */
char *
bo_log_row_format_time (gint64 time_us)
{
  gint64 seconds = MAX (time_us, 0) / G_USEC_PER_SEC;

  if (seconds >= 3600)
    return g_strdup_printf ("%d:%02d:%02d", (int) (seconds / 3600), (int) (seconds / 60 % 60), (int) (seconds % 60));
  return g_strdup_printf ("%d:%02d", (int) (seconds / 60), (int) (seconds % 60));
}

static double
get_text_left (BoLogRow *self)
{
  return PADDING + (self->look->times ? self->look->time_width : 0);
}

static void
forget_layout (BoLogRow *self)
{
  g_clear_object (&self->layout);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* --- laying out --- */

static void
add_colour (PangoAttrList *list, PangoAttribute *(*make) (guint16, guint16, guint16), const GdkRGBA *colour, guint begin, guint end)
{
  PangoAttribute *attribute = make ((guint16) (colour->red * 65535), (guint16) (colour->green * 65535),
                                    (guint16) (colour->blue * 65535));

  attribute->start_index = begin;
  attribute->end_index = end;
  pango_attr_list_insert (list, attribute);
}

static void
add (PangoAttrList *list, PangoAttribute *attribute, guint begin, guint end)
{
  attribute->start_index = begin;
  attribute->end_index = end;
  pango_attr_list_insert (list, attribute);
}

static void
add_span (BoLogRow *self, PangoAttrList *list, const BoAnsiSpan *span)
{
  guint begin = (guint) (MAX (span->begin, self->first) - self->first);
  guint end = (guint) (MIN (span->end, self->last) - self->first);
  GdkRGBA foreground, background;

  if (span->end <= self->first || span->begin >= self->last)
    return;
  if (bo_log_palette_resolve (&self->look->palette, span, &foreground, &background))
    add_colour (list, pango_attr_background_new, &background, begin, end);
  add_colour (list, pango_attr_foreground_new, &foreground, begin, end);
  if ((span->flags & BO_ANSI_BOLD) != 0)
    add (list, pango_attr_weight_new (PANGO_WEIGHT_BOLD), begin, end);
  if ((span->flags & BO_ANSI_ITALIC) != 0)
    add (list, pango_attr_style_new (PANGO_STYLE_ITALIC), begin, end);
  if ((span->flags & BO_ANSI_UNDERLINE) != 0)
    add (list, pango_attr_underline_new (PANGO_UNDERLINE_SINGLE), begin, end);
  if ((span->flags & BO_ANSI_STRIKE) != 0)
    add (list, pango_attr_strikethrough_new (TRUE), begin, end);
}

/* Which bytes of a simple line are seen, and some more. */
static void
find_window (BoLogRow *self, gsize *first, gsize *last)
{
  double seen = gtk_widget_get_width (GTK_WIDGET (self));
  double left = self->scroll / self->look->char_width;

  *first = (gsize) MAX (left, 0);
  *first = MIN (*first, self->length);
  *last = MIN (*first + (gsize) (seen / self->look->char_width) + 2, self->length);
}

static PangoLayout *
make_layout (BoLogRow *self)
{
  PangoLayout *layout = gtk_widget_create_pango_layout (GTK_WIDGET (self), NULL);

  pango_layout_set_font_description (layout, self->look->font);
  pango_layout_set_single_paragraph_mode (layout, TRUE);
  pango_layout_set_auto_dir (layout, FALSE);
  return layout;
}

static void
ensure_layout (BoLogRow *self)
{
  g_autoptr (PangoAttrList) attributes = NULL;
  gsize first = 0;
  gsize last = self->length;

  if (self->simple)
    {
      find_window (self, &first, &last);
      if (self->layout != NULL && first >= self->first && last <= self->last)
        return;
      first -= MIN (first, SPARE_LETTERS);
      last = MIN (last + SPARE_LETTERS, self->length);
    }
  else if (self->layout != NULL)
    return;

  g_clear_object (&self->layout);
  self->layout = make_layout (self);
  self->first = first;
  self->last = last;
  attributes = pango_attr_list_new ();
  for (guint i = 0; self->spans != NULL && i < self->spans->len; i++)
    add_span (self, attributes, &g_array_index (self->spans, BoAnsiSpan, i));
  if (self->hidden > 0 && last == self->length)
    {
      g_autofree char *size = g_format_size (self->hidden);
      /* TRANSLATORS: at the end of a very long line of a log; %s is a size, as "1.2 MB" */
      g_autofree char *remark = g_strdup_printf (_ (" … and %s more, which Copy and Save have"), size);
      g_autofree char *shown = g_strdup_printf ("%.*s%s", (int) (last - first), self->text + first, remark);

      add_colour (attributes, pango_attr_foreground_new, &self->look->palette.dim, (guint) (last - first), G_MAXUINT);
      pango_layout_set_text (self->layout, shown, -1);
    }
  else
    pango_layout_set_text (self->layout, self->text + first, (int) (last - first));
  pango_layout_set_attributes (self->layout, attributes);
}

/* Where the layout's left edge is, in the widget. */
static double
get_layout_left (BoLogRow *self)
{
  return get_text_left (self) - self->scroll + (self->simple ? (double) self->first * self->look->char_width : 0);
}

/* Where byte @index of the text is, from the text's left edge. */
static double
get_x (BoLogRow *self, gsize index)
{
  PangoRectangle position;

  if (self->simple)
    return (double) MIN (index, self->length) * self->look->char_width;
  ensure_layout (self);
  pango_layout_index_to_pos (self->layout, (int) MIN (index, self->length), &position);
  return (double) position.x / PANGO_SCALE;
}

/* --- the widget --- */

static void
bo_log_row_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  BoLogRow *self = BO_LOG_ROW (widget);

  *minimum = *natural = orientation == GTK_ORIENTATION_VERTICAL && self->look != NULL ? self->look->line_height : 0;
}

static void
draw_mark (BoLogRow *self, GtkSnapshot *snapshot, gsize begin, gsize end, const GdkRGBA *colour)
{
  double left = get_text_left (self) - self->scroll;
  double x = get_x (self, begin);
  double width = get_x (self, end) - x;

  gtk_snapshot_append_color (snapshot, colour,
                             &GRAPHENE_RECT_INIT ((float) (left + x), 0, (float) width,
                                                  (float) gtk_widget_get_height (GTK_WIDGET (self))));
}

static void
draw_matches (BoLogRow *self, GtkSnapshot *snapshot)
{
  const GdkRGBA *colour = self->current ? &self->look->palette.current : &self->look->palette.match;
  gsize from = 0;
  gsize begin, end;

  for (guint n = 0; n < MATCHES_MAX
                    && bo_log_matcher_find (self->look->matcher, self->text, self->length, from, &begin, &end);
       n++)
    {
      draw_mark (self, snapshot, begin, end, colour);
      from = end;
    }
}

static const GdkRGBA *
get_text_colour (BoLogRow *self)
{
  switch (self->severity)
    {
    case BO_LOG_ERROR:
      return &self->look->palette.error;
    case BO_LOG_WARNING:
      return &self->look->palette.warning;
    case BO_LOG_NORMAL:
    default:
      return &self->look->palette.text;
    }
}

static void
draw_time (BoLogRow *self, GtkSnapshot *snapshot, int height)
{
  int width, text_height;

  if (self->time_layout == NULL)
    {
      g_autofree char *text = bo_log_row_format_time (self->time_us);

      /* Neighbours have the same time mostly. */
      if (self->look->time_layout == NULL || !g_str_equal (pango_layout_get_text (self->look->time_layout), text))
        {
          g_clear_object (&self->look->time_layout);
          self->look->time_layout = make_layout (self);
          pango_layout_set_text (self->look->time_layout, text, -1);
        }
      self->time_layout = g_object_ref (self->look->time_layout);
    }
  pango_layout_get_pixel_size (self->time_layout, &width, &text_height);
  gtk_snapshot_save (snapshot);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((float) (PADDING + self->look->time_width - 2 * self->look->char_width - width),
                                                (float) ((height - text_height) / 2)));
  gtk_snapshot_append_layout (snapshot, self->time_layout, &self->look->palette.dim);
  gtk_snapshot_restore (snapshot);
}

static void
bo_log_row_snapshot (GtkWidget *widget, GtkSnapshot *snapshot)
{
  BoLogRow *self = BO_LOG_ROW (widget);
  int width = gtk_widget_get_width (widget);
  int height = gtk_widget_get_height (widget);
  double left;
  int text_height;

  if (self->text == NULL)
    return;
  if (self->look->times)
    draw_time (self, snapshot, height);
  left = get_text_left (self) - 2;
  if (width <= left)
    return;
  gtk_snapshot_push_clip (snapshot, &GRAPHENE_RECT_INIT ((float) left, 0, (float) (width - left), (float) height));
  if (self->look->matcher != NULL)
    draw_matches (self, snapshot);
  if (self->mark_end > self->mark_begin)
    {
      if (self->mark_end == G_MAXSIZE && self->mark_begin == 0)
        gtk_snapshot_append_color (snapshot, &self->look->palette.selection,
                                   &GRAPHENE_RECT_INIT ((float) left, 0, (float) (width - left), (float) height));
      else
        draw_mark (self, snapshot, self->mark_begin, MIN (self->mark_end, self->length), &self->look->palette.selection);
    }
  ensure_layout (self);
  pango_layout_get_pixel_size (self->layout, NULL, &text_height);
  gtk_snapshot_translate (snapshot,
                          &GRAPHENE_POINT_INIT ((float) get_layout_left (self), (float) ((height - text_height) / 2)));
  gtk_snapshot_append_layout (snapshot, self->layout, get_text_colour (self));
  gtk_snapshot_pop (snapshot);
}

static void
clear (BoLogRow *self)
{
  g_clear_pointer (&self->text, g_free);
  g_clear_pointer (&self->spans, g_array_unref);
  g_clear_object (&self->time_layout);
  g_clear_object (&self->layout);
}

static void
bo_log_row_finalize (GObject *object)
{
  clear (BO_LOG_ROW (object));

  G_OBJECT_CLASS (bo_log_row_parent_class)->finalize (object);
}

static void
bo_log_row_class_init (BoLogRowClass *klass)
{
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  G_OBJECT_CLASS (klass)->finalize = bo_log_row_finalize;
  widget_class->measure = bo_log_row_measure;
  widget_class->snapshot = bo_log_row_snapshot;
  gtk_widget_class_set_css_name (widget_class, "logrow");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST_ITEM);
}

static void
bo_log_row_init (BoLogRow *self)
{
  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
}

/**
 * bo_log_row_new:
 * @look: how all lines are written; must outlive it
 */
BoLogRow *
bo_log_row_new (BoLogLook *look)
{
  BoLogRow *self = g_object_new (BO_TYPE_LOG_ROW, NULL);

  self->look = look;
  return self;
}

/**
 * bo_log_row_show:
 * @self: a line
 * @place: which one it is from here on
 * @entry: what stands in it
 */
void
bo_log_row_show (BoLogRow *self, const BoLogPlace *place, const BoLogEntry *entry)
{
  g_return_if_fail (BO_IS_LOG_ROW (self));

  clear (self);
  self->place = *place;
  self->time_us = entry->time_us;
  self->text = bo_ansi_text_parse (entry->text, entry->length, &self->spans);
  self->length = strlen (self->text);
  self->hidden = entry->total - entry->length;
  self->simple = TRUE;
  for (gsize i = 0; i < self->length && self->simple; i++)
    self->simple = (guchar) self->text[i] >= 0x20 && (guchar) self->text[i] < 0x7f;
  if (!self->simple && self->length > COMPLEX_BYTES)
    {
      const char *end = g_utf8_find_prev_char (self->text, self->text + COMPLEX_BYTES);

      self->hidden += self->length - (gsize) (end - self->text);
      self->length = (gsize) (end - self->text);
      self->text[self->length] = '\0';
    }
  self->severity = self->spans == NULL ? bo_log_severity_of (self->text, self->length) : BO_LOG_NORMAL;
  self->mark_begin = self->mark_end = 0;
  self->current = FALSE;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/* The look is another one. */
void
bo_log_row_look_again (BoLogRow *self)
{
  g_return_if_fail (BO_IS_LOG_ROW (self));

  g_clear_object (&self->time_layout);
  forget_layout (self);
}

void
bo_log_row_set_scroll (BoLogRow *self, double x)
{
  g_return_if_fail (BO_IS_LOG_ROW (self));

  if (self->scroll == x)
    return;
  self->scroll = x;
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * bo_log_row_set_marks:
 * @self: a line
 * @begin: first byte that is selected
 * @end: the one after the last; %G_MAXSIZE for the line's end too
 * @current: whether the search is at this line
 */
void
bo_log_row_set_marks (BoLogRow *self, gsize begin, gsize end, gboolean current)
{
  g_return_if_fail (BO_IS_LOG_ROW (self));

  if (self->mark_begin == begin && self->mark_end == end && self->current == current)
    return;
  self->mark_begin = begin;
  self->mark_end = end;
  self->current = current;
  gtk_accessible_update_state (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_STATE_SELECTED, end > begin, -1);
  gtk_widget_queue_draw (GTK_WIDGET (self));
}

/**
 * bo_log_row_tell:
 * @self: a line
 *
 * Tells screen readers what stands in it. Not done for each line that only passes by.
 */
void
bo_log_row_tell (BoLogRow *self)
{
  g_autofree char *time = NULL;
  g_autofree char *words = NULL;

  g_return_if_fail (BO_IS_LOG_ROW (self));

  if (self->text == NULL)
    return;
  time = bo_log_row_format_time (self->time_us);
  words = g_strdup_printf ("%s %s", time, self->text);
  gtk_accessible_update_property (GTK_ACCESSIBLE (self), GTK_ACCESSIBLE_PROPERTY_LABEL, words, -1);
}

BoLogPlace
bo_log_row_get_place (BoLogRow *self)
{
  return self->place;
}

/* Pixels of its text, with the room at both sides and the time. */
double
bo_log_row_get_text_width (BoLogRow *self)
{
  double width;

  g_return_val_if_fail (BO_IS_LOG_ROW (self), 0);

  if (self->text == NULL)
    return 0;
  width = get_x (self, self->length);
  if (self->hidden > 0)
    width += 60 * self->look->char_width;
  return ceil (get_text_left (self) + width + PADDING);
}

/**
 * bo_log_row_get_index:
 * @self: a line
 * @x: a place in the widget
 *
 * Returns: which byte of the text is there
 */
gsize
bo_log_row_get_index (BoLogRow *self, double x)
{
  int index = 0;
  int trailing = 0;
  const char *p;

  g_return_val_if_fail (BO_IS_LOG_ROW (self), 0);

  x += self->scroll - get_text_left (self);
  if (self->text == NULL || x <= 0)
    return 0;
  if (self->simple)
    return MIN ((gsize) (x / self->look->char_width + 0.5), self->length);
  ensure_layout (self);
  pango_layout_xy_to_index (self->layout, (int) (x * PANGO_SCALE), 0, &index, &trailing);
  p = self->text + MIN ((gsize) index, self->length);
  while (trailing-- > 0 && *p != '\0')
    p = g_utf8_next_char (p);
  return (gsize) (p - self->text);
}

/* What is shown of it. */
const char *
bo_log_row_get_text (BoLogRow *self)
{
  return self->text;
}

/* Where the first match is, in pixels from the left edge when nothing is scrolled. */
gboolean
bo_log_row_get_match (BoLogRow *self, double *begin, double *end)
{
  gsize first, last;

  g_return_val_if_fail (BO_IS_LOG_ROW (self), FALSE);

  if (self->text == NULL || self->look->matcher == NULL
      || !bo_log_matcher_find (self->look->matcher, self->text, self->length, 0, &first, &last))
    return FALSE;
  *begin = get_text_left (self) + get_x (self, first);
  *end = get_text_left (self) + get_x (self, last);
  return TRUE;
}
