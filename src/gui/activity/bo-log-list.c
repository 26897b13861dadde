/* SPDX-License-Identifier: GPL-3.0-or-later */

#define G_LOG_DOMAIN "bo-log-list"

#include "config.h"

#include <adwaita.h>
#include <math.h>

#include "activity/bo-log-header.h"
#include "activity/bo-log-row.h"
#include "activity/bo-log-list.h"
#include "activity/bo-log-selection.h"

/* What is read at once, which is some screens full of lines. */
#define AHEAD (32 * 1024)
/* Above and below a line of text. */
#define LINE_SPACING 4
/* Of steps that write at the same time one is followed at least so long. */
#define FOLLOW_US (1500 * G_TIME_SPAN_MILLISECOND)
/* When lines have stopped moving for so long, screen readers are told. */
#define TELL_MS 200
#define AUTOSCROLL_MS 30
/* So many rows are made at once; the others come with the next frames. */
#define NEW_ROWS_MAX 12
/* Below, headers have no room for everything. */
#define NARROW_WIDTH 560

struct _BoLogList
{
  GtkWidget parent_instance;

  /* Owned references */
  GtkAdjustment *adjustments[2]; /* (nullable) by orientation */
  BoLogSpool *spool;             /* (nullable) */
  BoLogCursor *cursor;           /* (nullable): reads in it */
  BoLogRows *rows;

  GtkScrollablePolicy policies[2];
  BoLogLook look;
  gboolean has_metrics;
  int header_height;
  double max_width;

  /* Widgets; unowned, they are children */
  GPtrArray *lines;
  GPtrArray *headers;
  GPtrArray *spare_lines;
  GPtrArray *spare_headers;
  BoLogRow *sample;   /* never seen: has the font that all have */
  BoLogHeader *sticky; /* of the step whose lines are at the top */

  /* Where we are */
  gboolean internal; /* it is us who change the adjustments */
  gboolean preparing;
  double wanted;     /* where to scroll to when the rows are prepared, or -1 */
  double value;      /* what they were prepared for */
  int width, height;
  gboolean stuck;
  int sticky_y;
  double last_value;
  gboolean following;
  guint follow_id;
  gint64 follow_since_us;
  gboolean has_cursor;
  BoLogPlace cursor_place;
  gboolean has_current;
  BoLogPlace current;
  BoLogSelection selection;
  gboolean dragging;
  double drag_x, drag_y;
  guint autoscroll_id;
  guint tell_id;
  guint fill_id;
};

enum
{
  PROP_0,
  PROP_FOLLOWING,
  PROP_TIMES,
  N_PROPS,
  PROP_HADJUSTMENT = N_PROPS,
  PROP_VADJUSTMENT,
  PROP_HSCROLL_POLICY,
  PROP_VSCROLL_POLICY,
};

enum
{
  CURSOR_MOVED,
  N_SIGNALS
};

static GParamSpec *properties[N_PROPS];
static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE_WITH_CODE (BoLogList, bo_log_list, GTK_TYPE_WIDGET,
                               G_IMPLEMENT_INTERFACE (GTK_TYPE_SCROLLABLE, NULL))

static double
get_value (BoLogList *self, GtkOrientation orientation)
{
  return self->adjustments[orientation] != NULL ? gtk_adjustment_get_value (self->adjustments[orientation]) : 0;
}

static gboolean
is_live (BoLogList *self)
{
  BoLogState state = bo_log_rows_get_shape (self->rows)->state;

  return self->spool != NULL && (state == BO_LOG_READING || state == BO_LOG_LIVE);
}

static gboolean
is_narrow (BoLogList *self)
{
  return self->width < NARROW_WIDTH;
}

static gboolean
is_same_place (const BoLogPlace *a, const BoLogPlace *b)
{
  return a->id == b->id && a->line == b->line;
}

static void refresh (BoLogList *self);

static void
set_following (BoLogList *self, gboolean following)
{
  if (self->following == following)
    return;
  self->following = following;
  self->follow_id = BO_LOG_NO_STEP;
  refresh (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_FOLLOWING]);
}

static void
scroll_to (BoLogList *self, double value)
{
  self->wanted = MAX (value, 0);
  refresh (self);
}

/* --- how it looks --- */

static void
update_time_width (BoLogList *self)
{
  const BoLogShape *shape = bo_log_rows_get_shape (self->rows);
  gint64 last_us = 0;
  int width;

  for (guint i = 0; i < shape->parts->len; i++)
    {
      const BoLogStep *step = g_array_index (shape->parts, BoLogPart, i).step;

      last_us = MAX (last_us, step->start_us + MAX (step->duration_us, 0));
    }
  width = (int) ceil (self->look.char_width * (last_us >= G_TIME_SPAN_HOUR ? 9 : 7));
  if (width == self->look.time_width)
    return;
  self->look.time_width = width;
  for (guint i = 0; i < self->lines->len; i++)
    bo_log_row_look_again (g_ptr_array_index (self->lines, i));
}

static void
ensure_metrics (BoLogList *self)
{
  g_autoptr (PangoLayout) layout = NULL;
  int width, height;

  if (self->has_metrics)
    return;
  self->has_metrics = TRUE;
  layout = gtk_widget_create_pango_layout (GTK_WIDGET (self->sample), "0123456789");
  pango_layout_get_size (layout, &width, &height);
  self->look.char_width = MAX (width / 10.0 / PANGO_SCALE, 1);
  self->look.line_height = PANGO_PIXELS_CEIL (height) + LINE_SPACING;
  gtk_widget_measure (GTK_WIDGET (self->sticky), GTK_ORIENTATION_VERTICAL, -1, &height, NULL, NULL, NULL);
  self->header_height = MAX (height, self->look.line_height);
  bo_log_rows_set_heights (self->rows, self->header_height, self->look.line_height);
  update_time_width (self);
}

static void
look_again (BoLogList *self)
{
  AdwStyleManager *manager = adw_style_manager_get_default ();

  bo_log_palette_init (&self->look.palette, adw_style_manager_get_dark (manager),
                       adw_style_manager_get_high_contrast (manager));
  self->has_metrics = FALSE;
  g_clear_object (&self->look.time_layout);
  for (guint i = 0; i < self->lines->len; i++)
    bo_log_row_look_again (g_ptr_array_index (self->lines, i));
  refresh (self);
}

static void
style_cb (AdwStyleManager *manager, GParamSpec *pspec, gpointer user_data)
{
  look_again (BO_LOG_LIST (user_data));
}

static void
bo_log_list_css_changed (GtkWidget *widget, GtkCssStyleChange *change)
{
  GTK_WIDGET_CLASS (bo_log_list_parent_class)->css_changed (widget, change);
  if (BO_LOG_LIST (widget)->sample != NULL)
    look_again (BO_LOG_LIST (widget));
}

static void
bo_log_list_system_setting_changed (GtkWidget *widget, GtkSystemSetting setting)
{
  GTK_WIDGET_CLASS (bo_log_list_parent_class)->system_setting_changed (widget, setting);
  look_again (BO_LOG_LIST (widget));
}

/* --- rows --- */

static gboolean
tell_cb (gpointer user_data)
{
  BoLogList *self = user_data;

  self->tell_id = 0;
  for (guint i = 0; i < self->lines->len; i++)
    bo_log_row_tell (g_ptr_array_index (self->lines, i));
  return G_SOURCE_REMOVE;
}

/* Before it goes to another row: who types here goes on here. */
static void
keep_focus (BoLogList *self, GtkWidget *row)
{
  if (gtk_widget_is_focus (row))
    gtk_widget_grab_focus (GTK_WIDGET (self));
}

static GtkWidget *
add_row (BoLogList *self, gpointer row)
{
  gtk_widget_insert_before (row, GTK_WIDGET (self), GTK_WIDGET (self->sticky));
  return row;
}

/* What was seen and is no more can be used for other rows. */
static void
free_rows (BoLogList *self, GPtrArray *before, GPtrArray *spare)
{
  for (guint i = 0; i < before->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (before, i);

      if (row == NULL)
        continue;
      keep_focus (self, row);
      g_ptr_array_add (spare, row);
    }
}

/* Only those that were not used again at once, for to show and to hide is work. */
static void
hide_spare (GPtrArray *spare)
{
  for (guint i = 0; i < spare->len; i++)
    gtk_widget_set_child_visible (g_ptr_array_index (spare, i), FALSE);
}

static gpointer
take_spare (GPtrArray *spare)
{
  return spare->len > 0 ? g_ptr_array_steal_index (spare, spare->len - 1) : NULL;
}

static gpointer
take_line (GPtrArray *before, const BoLogPlace *place)
{
  for (guint i = 0; i < before->len; i++)
    {
      BoLogRow *line = g_ptr_array_index (before, i);
      BoLogPlace at;

      if (line == NULL)
        continue;
      at = bo_log_row_get_place (line);
      if (is_same_place (&at, place))
        {
          g_ptr_array_index (before, i) = NULL;
          return line;
        }
    }
  return NULL;
}

static gpointer
take_header (GPtrArray *before, guint id)
{
  for (guint i = 0; i < before->len; i++)
    {
      BoLogHeader *header = g_ptr_array_index (before, i);

      if (header != NULL && bo_log_header_get_id (header) == id)
        {
          g_ptr_array_index (before, i) = NULL;
          return header;
        }
    }
  return NULL;
}

static gboolean
fill_line (BoLogList *self, BoLogRow *line, const BoLogPlace *place)
{
  g_autoptr (GError) error = NULL;
  BoLogEntry entry;

  if (self->cursor == NULL
      || !bo_log_cursor_read (self->cursor, place->id, (guint) place->line, BO_LOG_LINE_SHOWN, &entry, &error))
    {
      /* A line that cannot be read says so in its place. */
      entry = (BoLogEntry) { .text = error != NULL ? error->message : "" };
      entry.length = entry.total = strlen (entry.text);
    }
  bo_log_row_show (line, place, &entry);
  return error == NULL;
}

static void
mark_line (BoLogList *self, BoLogRow *line)
{
  BoLogPlace place = bo_log_row_get_place (line);
  gsize begin, end;

  bo_log_selection_get_bytes (&self->selection, self->rows, &place, &begin, &end);
  bo_log_row_set_marks (line, begin, end, self->has_current && is_same_place (&place, &self->current));
}

static void
keep_for_later (BoLogList *self, gpointer row)
{
  if (row == NULL)
    return;
  keep_focus (self, row);
  g_ptr_array_add (BO_IS_LOG_ROW (row) ? self->spare_lines : self->spare_headers, row);
}

static gboolean
fill_cb (GtkWidget *widget, GdkFrameClock *clock, gpointer user_data)
{
  BoLogList *self = BO_LOG_LIST (widget);

  self->fill_id = 0;
  refresh (self);
  return G_SOURCE_REMOVE;
}

/* A widget for each row that is seen, and none for others. */
static void
sync_rows (BoLogList *self)
{
  double value = self->value;
  g_autoptr (GPtrArray) lines = g_steal_pointer (&self->lines);
  g_autoptr (GPtrArray) headers = g_steal_pointer (&self->headers);
  g_autoptr (GPtrArray) wanted = g_ptr_array_new ();
  double left = get_value (self, GTK_ORIENTATION_HORIZONTAL);
  gint64 bottom = (gint64) value + self->height;
  gboolean changed = FALSE;
  BoLogPlace place;
  gboolean more;
  guint n_new = 0;

  self->lines = g_ptr_array_new ();
  self->headers = g_ptr_array_new ();
  more = bo_log_rows_find (self->rows, (gint64) value, &place);
  /* First those that stay, so that what is left over can be used for the others. */
  for (gint64 y = more ? bo_log_rows_get_top (self->rows, &place) : 0; more && y < bottom;)
    {
      gpointer row = place.line < 0 ? take_header (headers, place.id) : take_line (lines, &place);

      g_ptr_array_add (wanted, row);
      y += bo_log_rows_get_row_height (self->rows, &place);
      more = bo_log_rows_move (self->rows, &place, 1);
    }
  free_rows (self, lines, self->spare_lines);
  free_rows (self, headers, self->spare_headers);

  bo_log_rows_find (self->rows, (gint64) value, &place);
  for (guint i = 0; i < wanted->len; i++)
    {
      GtkWidget *row = g_ptr_array_index (wanted, i);

      if (place.line < 0)
        {
          if (row == NULL)
            row = take_spare (self->spare_headers);
          if (row == NULL)
            {
              row = add_row (self, bo_log_header_new ());
              n_new++;
            }
          bo_log_header_show (BO_LOG_HEADER (row), bo_log_rows_get_part (self->rows, place.id),
                              bo_log_rows_is_folded (self->rows, place.id), is_live (self), is_narrow (self));
          g_ptr_array_add (self->headers, row);
        }
      else
        {
          if (row == NULL)
            {
              row = take_spare (self->spare_lines);
              if (row == NULL)
                {
                  row = add_row (self, bo_log_row_new (&self->look));
                  n_new++;
                }
              fill_line (self, BO_LOG_ROW (row), &place);
              self->max_width = MAX (self->max_width, bo_log_row_get_text_width (BO_LOG_ROW (row)));
              changed = TRUE;
            }
          bo_log_row_set_scroll (BO_LOG_ROW (row), left);
          mark_line (self, BO_LOG_ROW (row));
          g_ptr_array_add (self->lines, row);
        }
      gtk_widget_set_child_visible (row, TRUE);
      bo_log_rows_move (self->rows, &place, 1);
      if (n_new >= NEW_ROWS_MAX)
        {
          /* Those that stay after this one wait for their turn too. */
          for (guint k = i + 1; k < wanted->len; k++)
            keep_for_later (self, g_ptr_array_index (wanted, k));
          if (self->fill_id == 0)
            self->fill_id = gtk_widget_add_tick_callback (GTK_WIDGET (self), fill_cb, NULL, NULL);
          break;
        }
    }
  hide_spare (self->spare_lines);
  hide_spare (self->spare_headers);
  if (changed && self->tell_id == 0)
    self->tell_id = g_timeout_add (TELL_MS, tell_cb, self);
}

static void
allocate_row (gpointer row, int y, int width, int height)
{
  int minimum;

  gtk_widget_measure (row, GTK_ORIENTATION_HORIZONTAL, -1, &minimum, NULL, NULL, NULL);
  gtk_widget_size_allocate (row, &(GtkAllocation) { 0, y, MAX (width, minimum), height }, -1);
}

/* The header of the step whose lines are at the top. */
static void
sync_sticky (BoLogList *self)
{
  gint64 value = (gint64) self->value;
  BoLogPlace first, next;

  self->stuck = bo_log_rows_find (self->rows, value, &first) && value > 0
                && (first.line >= 0 || bo_log_rows_get_top (self->rows, &first) < value);
  gtk_widget_set_child_visible (GTK_WIDGET (self->sticky), self->stuck);
  if (!self->stuck)
    return;
  bo_log_header_show (self->sticky, bo_log_rows_get_part (self->rows, first.id),
                      bo_log_rows_is_folded (self->rows, first.id), is_live (self), is_narrow (self));
  /* The next one pushes it out. */
  self->sticky_y = 0;
  next = (BoLogPlace) { first.id, (gint64) bo_log_rows_get_part (self->rows, first.id)->n_lines - 1 };
  if (bo_log_rows_move (self->rows, &next, 1) && next.line < 0)
    self->sticky_y = (int) MIN (0, bo_log_rows_get_top (self->rows, &next) - value - self->header_height);
}

static void
allocate_rows (BoLogList *self, int width)
{
  for (guint i = 0; i < self->lines->len; i++)
    {
      BoLogPlace place = bo_log_row_get_place (g_ptr_array_index (self->lines, i));

      allocate_row (g_ptr_array_index (self->lines, i),
                    (int) (bo_log_rows_get_top (self->rows, &place) - (gint64) self->value), width,
                    self->look.line_height);
    }
  for (guint i = 0; i < self->headers->len; i++)
    {
      BoLogPlace place = { bo_log_header_get_id (g_ptr_array_index (self->headers, i)), BO_LOG_TITLE };

      allocate_row (g_ptr_array_index (self->headers, i),
                    (int) (bo_log_rows_get_top (self->rows, &place) - (gint64) self->value), width,
                    self->header_height);
    }
  if (self->stuck)
    allocate_row (self->sticky, self->sticky_y, width, self->header_height);
}

/* --- scrolling --- */

static double
find_followed (BoLogList *self, int page)
{
  const BoLogPart *part = bo_log_rows_get_part (self->rows, self->follow_id);
  const BoLogShape *shape = bo_log_rows_get_shape (self->rows);
  BoLogPlace place;

  /* Of the last step, and of one that is folded, the end of all. */
  if (part == NULL || bo_log_rows_get_position (self->rows, self->follow_id) + 1 == shape->parts->len)
    return (double) bo_log_rows_get_height (self->rows) - page;
  place = (BoLogPlace) { part->id, (gint64) part->n_lines - 1 };
  return (double) (bo_log_rows_get_top (self->rows, &place) + bo_log_rows_get_row_height (self->rows, &place)) - page;
}

static void
configure (BoLogList *self, GtkOrientation orientation, double value, double upper, int page, double step)
{
  GtkAdjustment *adjustment = self->adjustments[orientation];

  upper = MAX (upper, page);
  value = CLAMP (value, 0, upper - page);
  if (adjustment == NULL)
    return;
  self->internal = TRUE;
  gtk_adjustment_configure (adjustment, value, 0, upper, step, page * 0.9, page);
  self->internal = FALSE;
}

/*
 * Which rows are seen, and what they show. Not done while places are given to
 * them, but for a new size: what changes in a header then would be measured and laid out too late.
 */
static void
prepare (BoLogList *self, int width, int height)
{
  double value;

  ensure_metrics (self);
  value = self->following ? find_followed (self, height)
                          : (self->wanted >= 0 ? self->wanted : get_value (self, GTK_ORIENTATION_VERTICAL));
  self->wanted = -1;
  configure (self, GTK_ORIENTATION_VERTICAL, floor (value), (double) bo_log_rows_get_height (self->rows), height,
             3 * self->look.line_height);
  self->value = self->last_value = floor (get_value (self, GTK_ORIENTATION_VERTICAL));
  self->width = width;
  self->height = height;
  sync_rows (self);
  sync_sticky (self);
  configure (self, GTK_ORIENTATION_HORIZONTAL, get_value (self, GTK_ORIENTATION_HORIZONTAL), self->max_width, width,
             8 * self->look.char_width);
  for (guint i = 0; i < self->lines->len; i++)
    bo_log_row_set_scroll (g_ptr_array_index (self->lines, i), get_value (self, GTK_ORIENTATION_HORIZONTAL));
}

static void
refresh (BoLogList *self)
{
  if (self->height > 0 && !self->preparing)
    {
      self->preparing = TRUE;
      prepare (self, self->width, self->height);
      self->preparing = FALSE;
    }
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

static void
bo_log_list_size_allocate (GtkWidget *widget, int width, int height, int baseline)
{
  BoLogList *self = BO_LOG_LIST (widget);

  if (width != self->width || height != self->height)
    prepare (self, width, height);
  allocate_rows (self, width);
}

static void
value_changed_cb (GtkAdjustment *adjustment, gpointer user_data)
{
  BoLogList *self = BO_LOG_LIST (user_data);

  if (self->internal)
    return;
  if (adjustment == self->adjustments[GTK_ORIENTATION_VERTICAL])
    {
      double value = gtk_adjustment_get_value (adjustment);
      double end = gtk_adjustment_get_upper (adjustment) - gtk_adjustment_get_page_size (adjustment);

      self->wanted = -1;
      if (self->following && value < self->last_value)
        set_following (self, FALSE);
      else if (!self->following && is_live (self) && value > self->last_value && value >= end - 1)
        set_following (self, TRUE);
      self->last_value = value;
    }
  refresh (self);
}

static void
set_adjustment (BoLogList *self, GtkOrientation orientation, GtkAdjustment *adjustment)
{
  if (self->adjustments[orientation] != NULL)
    g_signal_handlers_disconnect_by_data (self->adjustments[orientation], self);
  g_clear_object (&self->adjustments[orientation]);
  if (adjustment == NULL)
    return;
  self->adjustments[orientation] = g_object_ref_sink (adjustment);
  g_signal_connect (adjustment, "value-changed", G_CALLBACK (value_changed_cb), self);
  gtk_widget_queue_allocate (GTK_WIDGET (self));
}

/* --- cursor and selection --- */

static void
refresh_marks (BoLogList *self)
{
  for (guint i = 0; i < self->lines->len; i++)
    mark_line (self, g_ptr_array_index (self->lines, i));
}

static void
make_visible (BoLogList *self, const BoLogPlace *place)
{
  double value = get_value (self, GTK_ORIENTATION_VERTICAL);
  double top = (double) bo_log_rows_get_top (self->rows, place);
  double bottom = top + bo_log_rows_get_row_height (self->rows, place);

  /* Below the header that stays at the top. */
  if (place->line >= 0)
    top -= self->header_height;
  if (top < value)
    scroll_to (self, top);
  else if (bottom > value + self->height)
    scroll_to (self, bottom - self->height);
}

static GtkWidget *
find_row (BoLogList *self, const BoLogPlace *place)
{
  for (guint i = 0; place->line >= 0 && i < self->lines->len; i++)
    {
      BoLogPlace at = bo_log_row_get_place (g_ptr_array_index (self->lines, i));

      if (is_same_place (&at, place))
        return g_ptr_array_index (self->lines, i);
    }
  for (guint i = 0; place->line < 0 && i < self->headers->len; i++)
    if (bo_log_header_get_id (g_ptr_array_index (self->headers, i)) == place->id)
      return g_ptr_array_index (self->headers, i);
  return NULL;
}

static void
focus_row (BoLogList *self)
{
  GtkWidget *row;

  row = self->has_cursor ? find_row (self, &self->cursor_place) : NULL;
  if (row != NULL)
    {
      if (BO_IS_LOG_ROW (row))
        bo_log_row_tell (BO_LOG_ROW (row));
      gtk_widget_grab_focus (row);
    }
}

static void
set_cursor (BoLogList *self, const BoLogPlace *place, gboolean extend)
{
  set_following (self, FALSE);
  if (extend && !self->selection.active && self->has_cursor)
    self->selection = (BoLogSelection) { TRUE, { self->cursor_place, 0 }, { self->cursor_place, G_MAXSIZE } };
  self->has_cursor = TRUE;
  self->cursor_place = *place;
  if (extend && self->selection.active)
    {
      gboolean down;

      /* Whole lines: the one that it began with is in it, whichever way it goes. */
      down = bo_log_rows_compare (self->rows, &self->selection.anchor.place, place) <= 0;
      self->selection.anchor.byte = down ? 0 : G_MAXSIZE;
      self->selection.end = (BoLogPoint) { *place, down ? G_MAXSIZE : 0 };
    }
  else
    self->selection.active = FALSE;
  make_visible (self, place);
  refresh_marks (self);
  focus_row (self);
  g_signal_emit (self, signals[CURSOR_MOVED], 0);
}

static gboolean
find_start (BoLogList *self, gboolean from_below, BoLogPlace *place)
{
  double y = get_value (self, GTK_ORIENTATION_VERTICAL);

  if (self->has_cursor && bo_log_rows_has (self->rows, &self->cursor_place))
    {
      *place = self->cursor_place;
      return TRUE;
    }
  return bo_log_rows_find (self->rows, (gint64) (from_below ? y + self->height - 1 : y), place);
}

static void
move (BoLogList *self, gint64 by, gboolean extend)
{
  BoLogPlace place;

  if (!find_start (self, by < 0, &place))
    return;
  bo_log_rows_move (self->rows, &place, by);
  set_cursor (self, &place, extend);
}

static void
fold (BoLogList *self, guint id, gboolean folds)
{
  BoLogPlace header = { id, BO_LOG_TITLE };
  double value = get_value (self, GTK_ORIENTATION_VERTICAL);
  /* What is clicked stays where it is; the header that is kept at the top is there. */
  double y = MAX ((double) bo_log_rows_get_top (self->rows, &header) - value, 0);
  const BoLogPart *part = bo_log_rows_get_part (self->rows, id);

  if (part == NULL || bo_log_rows_is_folded (self->rows, id) == folds || (folds && part->n_lines == 0))
    return;
  bo_log_rows_fold (self->rows, id, folds);
  if (folds && self->has_cursor && self->cursor_place.id == id)
    self->cursor_place.line = BO_LOG_TITLE;
  if (!self->following)
    self->wanted = MAX ((double) bo_log_rows_get_top (self->rows, &header) - y, 0);
  refresh (self);
}

static gboolean
fold_at_cursor (BoLogList *self, guint keyval)
{
  BoLogPlace place;
  gboolean folded;

  if (!self->has_cursor)
    return FALSE;
  place = self->cursor_place;
  folded = bo_log_rows_is_folded (self->rows, place.id);
  switch (keyval)
    {
    case GDK_KEY_Left:
      if (get_value (self, GTK_ORIENTATION_HORIZONTAL) > 0)
        return FALSE;
      if (place.line >= 0)
        {
          place.line = BO_LOG_TITLE;
          set_cursor (self, &place, FALSE);
        }
      else
        fold (self, place.id, TRUE);
      return TRUE;
    case GDK_KEY_Right:
      if (place.line >= 0 || !folded)
        return FALSE;
      fold (self, place.id, FALSE);
      return TRUE;
    default:
      if (place.line >= 0)
        return FALSE;
      fold (self, place.id, !folded);
      return TRUE;
    }
}

static gboolean
scroll_sideways (BoLogList *self, int direction)
{
  GtkAdjustment *adjustment = self->adjustments[GTK_ORIENTATION_HORIZONTAL];

  if (adjustment != NULL)
    gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment)
                                              + direction * gtk_adjustment_get_step_increment (adjustment));
  return TRUE;
}

static gboolean
key_cb (GtkEventControllerKey *controller, guint keyval, guint keycode, GdkModifierType state, gpointer user_data)
{
  BoLogList *self = BO_LOG_LIST (user_data);
  gboolean extend = (state & GDK_SHIFT_MASK) != 0;
  gint64 page = MAX (self->height / MAX (self->look.line_height, 1) - 2, 1);

  if ((state & (GDK_ALT_MASK | GDK_SUPER_MASK)) != 0)
    return FALSE;
  switch (keyval)
    {
    case GDK_KEY_Up:
    case GDK_KEY_KP_Up:
      move (self, -1, extend);
      return TRUE;
    case GDK_KEY_Down:
    case GDK_KEY_KP_Down:
      move (self, 1, extend);
      return TRUE;
    case GDK_KEY_Page_Up:
    case GDK_KEY_KP_Page_Up:
      move (self, -page, extend);
      return TRUE;
    case GDK_KEY_Page_Down:
    case GDK_KEY_KP_Page_Down:
      move (self, page, extend);
      return TRUE;
    case GDK_KEY_Home:
    case GDK_KEY_KP_Home:
      move (self, -G_MAXINT64, extend);
      return TRUE;
    case GDK_KEY_End:
    case GDK_KEY_KP_End:
      move (self, G_MAXINT64, extend);
      if (!extend && is_live (self))
        set_following (self, TRUE);
      return TRUE;
    case GDK_KEY_Left:
    case GDK_KEY_KP_Left:
      return fold_at_cursor (self, GDK_KEY_Left) || scroll_sideways (self, -1);
    case GDK_KEY_Right:
    case GDK_KEY_KP_Right:
      return fold_at_cursor (self, GDK_KEY_Right) || scroll_sideways (self, 1);
    case GDK_KEY_space:
    case GDK_KEY_Return:
    case GDK_KEY_KP_Enter:
      return fold_at_cursor (self, GDK_KEY_space);
    default:
      return FALSE;
    }
}

/* --- the pointer --- */

static gboolean
find_at (BoLogList *self, double x, double y, BoLogPoint *point)
{
  GtkWidget *row;

  y = CLAMP (y, 0, self->height - 1);
  if (self->stuck && y < self->header_height)
    {
      point->place = (BoLogPlace) { bo_log_header_get_id (self->sticky), BO_LOG_TITLE };
      point->byte = 0;
      return TRUE;
    }
  if (!bo_log_rows_find (self->rows, (gint64) (get_value (self, GTK_ORIENTATION_VERTICAL) + y), &point->place))
    return FALSE;
  row = find_row (self, &point->place);
  point->byte = row != NULL && BO_IS_LOG_ROW (row) ? bo_log_row_get_index (BO_LOG_ROW (row), x) : 0;
  return TRUE;
}

static void
drag_to (BoLogList *self, double x, double y)
{
  BoLogPoint point;

  if (!find_at (self, x, y, &point))
    return;
  /* Over the header that stays at the top the selection goes on to the line behind it. */
  if (point.place.line < 0
      && !bo_log_rows_find (self->rows,
                            (gint64) (get_value (self, GTK_ORIENTATION_VERTICAL) + CLAMP (y, 0, self->height - 1)),
                            &point.place))
    return;
  self->selection.end = point;
  refresh_marks (self);
}

static gboolean
autoscroll_cb (gpointer user_data)
{
  BoLogList *self = user_data;
  GtkAdjustment *adjustment = self->adjustments[GTK_ORIENTATION_VERTICAL];
  double beyond = self->drag_y < 0 ? self->drag_y : MAX (self->drag_y - self->height, 0);

  if (beyond == 0 || adjustment == NULL)
    {
      self->autoscroll_id = 0;
      return G_SOURCE_REMOVE;
    }
  gtk_adjustment_set_value (adjustment, gtk_adjustment_get_value (adjustment) + beyond / 2);
  drag_to (self, self->drag_x, self->drag_y);
  return G_SOURCE_CONTINUE;
}

static void
drag_begin_cb (GtkGestureDrag *gesture, double x, double y, gpointer user_data)
{
  BoLogList *self = BO_LOG_LIST (user_data);
  GdkModifierType state = gtk_event_controller_get_current_event_state (GTK_EVENT_CONTROLLER (gesture));
  BoLogPoint point;

  self->dragging = FALSE;
  if (!find_at (self, x, y, &point) || point.place.line < 0)
    return;
  self->dragging = TRUE;
  if ((state & GDK_SHIFT_MASK) != 0 && self->selection.active)
    self->selection.end = point;
  else
    self->selection = (BoLogSelection) { TRUE, point, point };
  self->has_cursor = TRUE;
  self->cursor_place = point.place;
  refresh_marks (self);
  gtk_widget_grab_focus (GTK_WIDGET (self));
  g_signal_emit (self, signals[CURSOR_MOVED], 0);
}

static void
drag_update_cb (GtkGestureDrag *gesture, double offset_x, double offset_y, gpointer user_data)
{
  BoLogList *self = BO_LOG_LIST (user_data);
  double x, y;

  if (!self->dragging || !gtk_gesture_drag_get_start_point (gesture, &x, &y))
    return;
  /* A hand that trembles selects nothing. */
  if (bo_log_selection_is_empty (&self->selection, self->rows) && fabs (offset_x) < 4 && fabs (offset_y) < 4)
    return;
  set_following (self, FALSE);
  self->drag_x = x + offset_x;
  self->drag_y = y + offset_y;
  drag_to (self, self->drag_x, self->drag_y);
  if (self->autoscroll_id == 0 && (self->drag_y < 0 || self->drag_y > self->height))
    self->autoscroll_id = g_timeout_add (AUTOSCROLL_MS, autoscroll_cb, self);
}

static void
drag_end_cb (GtkGestureDrag *gesture, double offset_x, double offset_y, gpointer user_data)
{
  BoLogList *self = BO_LOG_LIST (user_data);

  self->dragging = FALSE;
  g_clear_handle_id (&self->autoscroll_id, g_source_remove);
  if (bo_log_selection_is_empty (&self->selection, self->rows))
    self->selection.active = FALSE;
}

static gboolean
is_word (gunichar c)
{
  return g_unichar_isalnum (c) || strchr ("_-./:@=+%~", (int) MIN (c, 127)) != NULL;
}

/* The word there: a path, an address, a version. */
static void
select_word (BoLogList *self, const BoLogPoint *point)
{
  GtkWidget *row = find_row (self, &point->place);
  const char *text, *begin, *end;

  if (row == NULL || !BO_IS_LOG_ROW (row))
    return;
  text = bo_log_row_get_text (BO_LOG_ROW (row));
  begin = end = text + MIN (point->byte, strlen (text));
  while (begin > text && is_word (g_utf8_get_char (g_utf8_prev_char (begin))))
    begin = g_utf8_prev_char (begin);
  while (*end != '\0' && is_word (g_utf8_get_char (end)))
    end = g_utf8_next_char (end);
  self->selection = (BoLogSelection) { TRUE, { point->place, (gsize) (begin - text) },
                                       { point->place, (gsize) (end - text) } };
  refresh_marks (self);
}

static void
pressed_cb (GtkGestureClick *gesture, int n_press, double x, double y, gpointer user_data)
{
  BoLogList *self = BO_LOG_LIST (user_data);
  BoLogPoint point;

  if (!find_at (self, x, y, &point))
    return;
  if (point.place.line < 0)
    {
      self->has_cursor = TRUE;
      self->cursor_place = point.place;
      fold (self, point.place.id, !bo_log_rows_is_folded (self->rows, point.place.id));
      gtk_widget_grab_focus (GTK_WIDGET (self));
      gtk_gesture_set_state (GTK_GESTURE (gesture), GTK_EVENT_SEQUENCE_CLAIMED);
    }
  else if (n_press == 2)
    select_word (self, &point);
  else if (n_press >= 3)
    {
      self->selection = (BoLogSelection) { TRUE, { point.place, 0 }, { point.place, G_MAXSIZE } };
      refresh_marks (self);
    }
}

/* --- the widget --- */

static void
bo_log_list_measure (GtkWidget *widget,
                     GtkOrientation orientation,
                     int for_size,
                     int *minimum,
                     int *natural,
                     int *minimum_baseline,
                     int *natural_baseline)
{
  *minimum = orientation == GTK_ORIENTATION_VERTICAL ? 60 : 120;
  *natural = orientation == GTK_ORIENTATION_VERTICAL ? 240 : 480;
}

static gboolean
bo_log_list_focus (GtkWidget *widget, GtkDirectionType direction)
{
  BoLogList *self = BO_LOG_LIST (widget);

  /* One stop of the Tab key; within it the arrow keys move. */
  if (gtk_widget_get_focus_child (widget) != NULL || gtk_widget_is_focus (widget))
    return FALSE;
  gtk_widget_grab_focus (widget);
  if (self->has_cursor && !self->following)
    {
      GtkWidget *row = find_row (self, &self->cursor_place);

      if (row != NULL)
        gtk_widget_grab_focus (row);
    }
  return TRUE;
}

static void
bo_log_list_set_property (GObject *object, guint property_id, const GValue *value, GParamSpec *pspec)
{
  BoLogList *self = BO_LOG_LIST (object);

  switch (property_id)
    {
    case PROP_FOLLOWING:
      bo_log_list_set_following (self, g_value_get_boolean (value));
      break;
    case PROP_TIMES:
      bo_log_list_set_times (self, g_value_get_boolean (value));
      break;
    case PROP_HADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_HORIZONTAL, g_value_get_object (value));
      break;
    case PROP_VADJUSTMENT:
      set_adjustment (self, GTK_ORIENTATION_VERTICAL, g_value_get_object (value));
      break;
    case PROP_HSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_HORIZONTAL] = g_value_get_enum (value);
      break;
    case PROP_VSCROLL_POLICY:
      self->policies[GTK_ORIENTATION_VERTICAL] = g_value_get_enum (value);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
bo_log_list_get_property (GObject *object, guint property_id, GValue *value, GParamSpec *pspec)
{
  BoLogList *self = BO_LOG_LIST (object);

  switch (property_id)
    {
    case PROP_FOLLOWING:
      g_value_set_boolean (value, self->following);
      break;
    case PROP_TIMES:
      g_value_set_boolean (value, self->look.times);
      break;
    case PROP_HADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VADJUSTMENT:
      g_value_set_object (value, self->adjustments[GTK_ORIENTATION_VERTICAL]);
      break;
    case PROP_HSCROLL_POLICY:
      g_value_set_enum (value, self->policies[GTK_ORIENTATION_HORIZONTAL]);
      break;
    case PROP_VSCROLL_POLICY:
      g_value_set_enum (value, self->policies[GTK_ORIENTATION_VERTICAL]);
      break;
    default:
      G_OBJECT_WARN_INVALID_PROPERTY_ID (object, property_id, pspec);
    }
}

static void
bo_log_list_dispose (GObject *object)
{
  BoLogList *self = BO_LOG_LIST (object);
  GtkWidget *child;

  g_clear_handle_id (&self->tell_id, g_source_remove);
  g_clear_handle_id (&self->autoscroll_id, g_source_remove);
  g_ptr_array_set_size (self->lines, 0);
  g_ptr_array_set_size (self->headers, 0);
  g_ptr_array_set_size (self->spare_lines, 0);
  g_ptr_array_set_size (self->spare_headers, 0);
  self->sample = NULL;
  self->sticky = NULL;
  while ((child = gtk_widget_get_first_child (GTK_WIDGET (self))) != NULL)
    gtk_widget_unparent (child);
  for (guint i = 0; i < 2; i++)
    set_adjustment (self, i, NULL);
  g_clear_pointer (&self->cursor, bo_log_cursor_free);
  g_clear_pointer (&self->spool, bo_log_spool_unref);

  G_OBJECT_CLASS (bo_log_list_parent_class)->dispose (object);
}

static void
bo_log_list_finalize (GObject *object)
{
  BoLogList *self = BO_LOG_LIST (object);

  bo_log_rows_free (self->rows);
  g_ptr_array_unref (self->lines);
  g_ptr_array_unref (self->headers);
  g_ptr_array_unref (self->spare_lines);
  g_ptr_array_unref (self->spare_headers);
  g_clear_pointer (&self->look.matcher, bo_log_matcher_free);
  g_clear_object (&self->look.time_layout);

  G_OBJECT_CLASS (bo_log_list_parent_class)->finalize (object);
}

static void
bo_log_list_class_init (BoLogListClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GtkWidgetClass *widget_class = GTK_WIDGET_CLASS (klass);

  object_class->set_property = bo_log_list_set_property;
  object_class->get_property = bo_log_list_get_property;
  object_class->dispose = bo_log_list_dispose;
  object_class->finalize = bo_log_list_finalize;
  widget_class->measure = bo_log_list_measure;
  widget_class->size_allocate = bo_log_list_size_allocate;
  widget_class->focus = bo_log_list_focus;
  widget_class->css_changed = bo_log_list_css_changed;
  widget_class->system_setting_changed = bo_log_list_system_setting_changed;

  /**
   * BoLogList:following:
   *
   * Whether what comes is scrolled to. Scrolling up ends it, scrolling to the end begins it.
   */
  properties[PROP_FOLLOWING] = g_param_spec_boolean ("following", NULL, NULL, FALSE,
                                                     G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  /**
   * BoLogList:times:
   *
   * Whether each line has the time since the build began before it.
   */
  properties[PROP_TIMES] = g_param_spec_boolean ("times", NULL, NULL, TRUE,
                                                 G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS | G_PARAM_EXPLICIT_NOTIFY);
  g_object_class_install_properties (object_class, N_PROPS, properties);
  g_object_class_override_property (object_class, PROP_HADJUSTMENT, "hadjustment");
  g_object_class_override_property (object_class, PROP_VADJUSTMENT, "vadjustment");
  g_object_class_override_property (object_class, PROP_HSCROLL_POLICY, "hscroll-policy");
  g_object_class_override_property (object_class, PROP_VSCROLL_POLICY, "vscroll-policy");
  signals[CURSOR_MOVED] = g_signal_new ("cursor-moved", BO_TYPE_LOG_LIST, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                        G_TYPE_NONE, 0);

  gtk_widget_class_set_css_name (widget_class, "loglist");
  gtk_widget_class_set_accessible_role (widget_class, GTK_ACCESSIBLE_ROLE_LIST);
}

static void
bo_log_list_init (BoLogList *self)
{
  GtkEventController *key = gtk_event_controller_key_new ();
  GtkGesture *drag = gtk_gesture_drag_new ();
  GtkGesture *click = gtk_gesture_click_new ();
  AdwStyleManager *manager = adw_style_manager_get_default ();

  self->rows = bo_log_rows_new ();
  self->lines = g_ptr_array_new ();
  self->headers = g_ptr_array_new ();
  self->spare_lines = g_ptr_array_new ();
  self->spare_headers = g_ptr_array_new ();
  self->wanted = -1;
  self->follow_id = BO_LOG_NO_STEP;
  self->look.times = TRUE;
  self->look.char_width = 8;
  self->look.line_height = 16;
  bo_log_palette_init (&self->look.palette, adw_style_manager_get_dark (manager),
                       adw_style_manager_get_high_contrast (manager));

  gtk_widget_set_focusable (GTK_WIDGET (self), TRUE);
  gtk_widget_set_overflow (GTK_WIDGET (self), GTK_OVERFLOW_HIDDEN);
  /* Logs are read from the left, in whatever language the window is. */
  gtk_widget_set_direction (GTK_WIDGET (self), GTK_TEXT_DIR_LTR);
  self->sticky = bo_log_header_new ();
  gtk_widget_add_css_class (GTK_WIDGET (self->sticky), "sticky");
  gtk_widget_set_focusable (GTK_WIDGET (self->sticky), FALSE);
  gtk_widget_set_parent (GTK_WIDGET (self->sticky), GTK_WIDGET (self));
  gtk_widget_set_child_visible (GTK_WIDGET (self->sticky), FALSE);
  self->sample = bo_log_row_new (&self->look);
  gtk_widget_set_child_visible (GTK_WIDGET (self->sample), FALSE);
  gtk_widget_insert_before (GTK_WIDGET (self->sample), GTK_WIDGET (self), GTK_WIDGET (self->sticky));

  g_signal_connect (key, "key-pressed", G_CALLBACK (key_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), key);
  g_signal_connect (click, "pressed", G_CALLBACK (pressed_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (click));
  g_signal_connect (drag, "drag-begin", G_CALLBACK (drag_begin_cb), self);
  g_signal_connect (drag, "drag-update", G_CALLBACK (drag_update_cb), self);
  g_signal_connect (drag, "drag-end", G_CALLBACK (drag_end_cb), self);
  gtk_widget_add_controller (GTK_WIDGET (self), GTK_EVENT_CONTROLLER (drag));
  gtk_gesture_group (click, drag);
  g_signal_connect_object (manager, "notify::dark", G_CALLBACK (style_cb), self, 0);
  g_signal_connect_object (manager, "notify::high-contrast", G_CALLBACK (style_cb), self, 0);
}

/* Nothing of what was seen is true any more. */
static void
forget_rows (BoLogList *self)
{
  free_rows (self, self->lines, self->spare_lines);
  free_rows (self, self->headers, self->spare_headers);
  hide_spare (self->spare_lines);
  hide_spare (self->spare_headers);
  g_ptr_array_set_size (self->lines, 0);
  g_ptr_array_set_size (self->headers, 0);
  self->has_cursor = self->has_current = FALSE;
  self->selection.active = FALSE;
  self->follow_id = BO_LOG_NO_STEP;
  self->max_width = 0;
}

/**
 * bo_log_list_set_spool:
 * @self: the list
 * @spool: (nullable): what it shows
 */
void
bo_log_list_set_spool (BoLogList *self, BoLogSpool *spool)
{
  g_return_if_fail (BO_IS_LOG_LIST (self));

  forget_rows (self);
  g_clear_pointer (&self->cursor, bo_log_cursor_free);
  g_clear_pointer (&self->spool, bo_log_spool_unref);
  g_clear_pointer (&self->rows, bo_log_rows_free);
  self->rows = bo_log_rows_new ();
  self->has_metrics = FALSE;
  self->last_value = 0;
  if (spool != NULL)
    {
      self->spool = bo_log_spool_ref (spool);
      self->cursor = bo_log_cursor_new (spool, AHEAD);
    }
  self->wanted = 0;
  if (spool != NULL)
    bo_log_list_update (self);
  else
    refresh (self);
}

/**
 * bo_log_list_update:
 * @self: the list
 *
 * Shows what the spool has at this moment. What is seen stays where it is, unless the end is followed.
 */
void
bo_log_list_update (BoLogList *self)
{
  BoLogShape shape = { 0 };
  BoLogPlace anchor = { 0 };
  gboolean anchored = FALSE;
  double value = get_value (self, GTK_ORIENTATION_VERTICAL);
  double offset = 0;

  g_return_if_fail (BO_IS_LOG_LIST (self));

  if (self->spool == NULL)
    return;
  ensure_metrics (self);
  bo_log_spool_get_shape (self->spool, &shape);
  if (shape.generation != bo_log_rows_get_shape (self->rows)->generation)
    forget_rows (self);
  else if (!self->following && value > 0)
    {
      anchored = bo_log_rows_find (self->rows, (gint64) value, &anchor);
      offset = anchored ? value - (double) bo_log_rows_get_top (self->rows, &anchor) : 0;
    }
  bo_log_rows_take_shape (self->rows, &shape);
  update_time_width (self);
  if (anchored)
    {
      double moved = (double) bo_log_rows_get_top (self->rows, &anchor) + offset;

      if (moved != value)
        self->wanted = MAX (moved, 0);
    }
  if (self->following)
    {
      const BoLogShape *now = bo_log_rows_get_shape (self->rows);
      const BoLogPart *part = bo_log_rows_get_part (self->rows, self->follow_id);
      gint64 now_us = g_get_monotonic_time ();

      if (now->newest != self->follow_id
          && (part == NULL || part->step->duration_us >= 0 || now_us - self->follow_since_us > FOLLOW_US))
        {
          self->follow_id = now->newest;
          self->follow_since_us = now_us;
        }
    }
  refresh (self);
}

const BoLogShape *
bo_log_list_get_shape (BoLogList *self)
{
  g_return_val_if_fail (BO_IS_LOG_LIST (self), NULL);

  return bo_log_rows_get_shape (self->rows);
}

void
bo_log_list_set_following (BoLogList *self, gboolean following)
{
  g_return_if_fail (BO_IS_LOG_LIST (self));

  set_following (self, following);
  if (following)
    bo_log_list_update (self);
}

gboolean
bo_log_list_get_following (BoLogList *self)
{
  g_return_val_if_fail (BO_IS_LOG_LIST (self), FALSE);

  return self->following;
}

void
bo_log_list_set_times (BoLogList *self, gboolean times)
{
  g_return_if_fail (BO_IS_LOG_LIST (self));

  if (self->look.times == times)
    return;
  self->look.times = times;
  self->max_width = 0;
  look_again (self);
  g_object_notify_by_pspec (G_OBJECT (self), properties[PROP_TIMES]);
}

gboolean
bo_log_list_get_times (BoLogList *self)
{
  g_return_val_if_fail (BO_IS_LOG_LIST (self), FALSE);

  return self->look.times;
}

/**
 * bo_log_list_set_words:
 * @self: the list
 * @words: (nullable): what is marked wherever it stands
 */
void
bo_log_list_set_words (BoLogList *self, const char *words)
{
  g_return_if_fail (BO_IS_LOG_LIST (self));

  g_clear_pointer (&self->look.matcher, bo_log_matcher_free);
  if (words != NULL && *words != '\0')
    self->look.matcher = bo_log_matcher_new (words);
  for (guint i = 0; i < self->lines->len; i++)
    gtk_widget_queue_draw (g_ptr_array_index (self->lines, i));
}

void
bo_log_list_fold (BoLogList *self, guint id, gboolean folds)
{
  g_return_if_fail (BO_IS_LOG_LIST (self));

  fold (self, id, folds);
}

void
bo_log_list_fold_all (BoLogList *self, gboolean folds)
{
  BoLogPlace place;
  gboolean any;

  g_return_if_fail (BO_IS_LOG_LIST (self));

  any = bo_log_rows_find (self->rows, (gint64) get_value (self, GTK_ORIENTATION_VERTICAL), &place);
  bo_log_rows_fold_all (self->rows, folds);
  if (self->has_cursor && !bo_log_rows_has (self->rows, &self->cursor_place))
    self->cursor_place.line = BO_LOG_TITLE;
  if (any && !self->following)
    self->wanted = (double) bo_log_rows_get_top (self->rows, &place);
  refresh (self);
}

gboolean
bo_log_list_is_folded (BoLogList *self, guint id)
{
  g_return_val_if_fail (BO_IS_LOG_LIST (self), FALSE);

  return bo_log_rows_is_folded (self->rows, id);
}

/**
 * bo_log_list_go_to:
 * @self: the list
 * @place: a row; its step is unfolded when it is a line
 * @at_top: whether it is scrolled to the top, and not only into sight
 *
 * It is the one that the keyboard is at afterwards.
 */
void
bo_log_list_go_to (BoLogList *self, const BoLogPlace *place, gboolean at_top)
{
  g_return_if_fail (BO_IS_LOG_LIST (self));

  if (bo_log_rows_get_part (self->rows, place->id) == NULL)
    return;
  ensure_metrics (self);
  set_following (self, FALSE);
  if (place->line >= 0)
    bo_log_rows_fold (self->rows, place->id, FALSE);
  self->has_cursor = TRUE;
  self->cursor_place = *place;
  if (at_top)
    self->wanted = (double) bo_log_rows_get_top (self->rows, place);
  else
    {
      double top = (double) bo_log_rows_get_top (self->rows, place);
      double value = get_value (self, GTK_ORIENTATION_VERTICAL);
      int page = self->height;

      /* What is out of sight comes to the middle, where its neighbours are seen too. */
      if (top < value + self->header_height || top + self->look.line_height > value + page)
        self->wanted = MAX (floor (top - page / 2), 0);
    }
  refresh (self);
}

/**
 * bo_log_list_mark_current:
 * @self: the list
 * @place: (nullable): the line that the search is at
 *
 * What was found there is scrolled into sight also sideways.
 */
void
bo_log_list_mark_current (BoLogList *self, const BoLogPlace *place)
{
  GtkAdjustment *adjustment;
  GtkWidget *row;
  double begin, end;

  g_return_if_fail (BO_IS_LOG_LIST (self));

  self->has_current = place != NULL;
  if (place != NULL)
    self->current = *place;
  refresh_marks (self);
  row = place != NULL ? find_row (self, place) : NULL;
  adjustment = self->adjustments[GTK_ORIENTATION_HORIZONTAL];
  if (row == NULL || adjustment == NULL || !bo_log_row_get_match (BO_LOG_ROW (row), &begin, &end))
    return;
  gtk_adjustment_set_upper (adjustment, MAX (gtk_adjustment_get_upper (adjustment), self->max_width));
  if (begin < gtk_adjustment_get_value (adjustment) + self->look.time_width
      || end > gtk_adjustment_get_value (adjustment) + gtk_adjustment_get_page_size (adjustment))
    {
      double page = gtk_adjustment_get_page_size (adjustment);

      gtk_adjustment_set_value (adjustment, end < page ? 0 : begin - page / 3);
    }
}

gboolean
bo_log_list_get_cursor (BoLogList *self, BoLogPlace *place)
{
  g_return_val_if_fail (BO_IS_LOG_LIST (self), FALSE);

  *place = self->cursor_place;
  return self->has_cursor && bo_log_rows_get_part (self->rows, place->id) != NULL;
}

/* The first row in sight. */
gboolean
bo_log_list_get_first_seen (BoLogList *self, BoLogPlace *place)
{
  g_return_val_if_fail (BO_IS_LOG_LIST (self), FALSE);

  return bo_log_rows_find (self->rows, (gint64) get_value (self, GTK_ORIENTATION_VERTICAL), place);
}

void
bo_log_list_select_all (BoLogList *self)
{
  BoLogPlace first, last;

  g_return_if_fail (BO_IS_LOG_LIST (self));

  if (!bo_log_rows_find (self->rows, 0, &first))
    return;
  bo_log_rows_find (self->rows, G_MAXINT64, &last);
  self->selection = (BoLogSelection) { TRUE, { first, 0 }, { last, G_MAXSIZE } };
  refresh_marks (self);
}

void
bo_log_list_select_none (BoLogList *self)
{
  g_return_if_fail (BO_IS_LOG_LIST (self));

  self->selection.active = FALSE;
  refresh_marks (self);
}

/**
 * bo_log_list_get_selected_ranges:
 * @self: the list
 *
 * Returns: (transfer full) (element-type BoLogRange): what is selected; without a selection the row of the
 *   keyboard; none, when there is neither
 */
GArray *
bo_log_list_get_selected_ranges (BoLogList *self)
{
  BoLogSelection selection;

  g_return_val_if_fail (BO_IS_LOG_LIST (self), NULL);

  selection = self->selection;
  if (bo_log_selection_is_empty (&selection, self->rows) && self->has_cursor)
    selection = (BoLogSelection) { TRUE, { self->cursor_place, 0 }, { self->cursor_place, G_MAXSIZE } };
  return bo_log_selection_get_ranges (&selection, self->rows);
}

/* For tests: how many rows were made. */
guint
bo_log_list_count_widgets (BoLogList *self)
{
  g_return_val_if_fail (BO_IS_LOG_LIST (self), 0);

  return self->lines->len + self->headers->len + self->spare_lines->len + self->spare_headers->len;
}

/* For tests: (transfer full) (nullable): the text of the line that is seen as the @row-th one. */
char *
bo_log_list_get_row_text (BoLogList *self, guint row)
{
  g_return_val_if_fail (BO_IS_LOG_LIST (self), NULL);

  return row < self->lines->len ? g_strdup (bo_log_row_get_text (g_ptr_array_index (self->lines, row))) : NULL;
}
