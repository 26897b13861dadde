/* SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <gio/gio.h>

#include "engine/bo-device-url.h"
#include "engine/bo-ssh-prompt.h"

G_BEGIN_DECLS

#define BO_TYPE_ASKPASS_QUESTION (bo_askpass_question_get_type ())
G_DECLARE_FINAL_TYPE (BoAskpassQuestion, bo_askpass_question, BO, ASKPASS_QUESTION, GObject)

/*
 * One question of an ssh that waits for the answer. Whoever takes it keeps a
 * reference, and answers or refuses it once.
 *
 * Signal "withdrawn" (no arguments): nobody waits for the answer any more.
 */
const BoSshPrompt *bo_askpass_question_get_prompt (BoAskpassQuestion *self);
const char *bo_askpass_question_get_place (BoAskpassQuestion *self);
guint bo_askpass_question_get_attempt (BoAskpassQuestion *self);
gboolean bo_askpass_question_is_open (BoAskpassQuestion *self);
void bo_askpass_question_answer (BoAskpassQuestion *self, const char *answer);
void bo_askpass_question_refuse (BoAskpassQuestion *self);

#define BO_TYPE_ASKPASS (bo_askpass_get_type ())
G_DECLARE_FINAL_TYPE (BoAskpass, bo_askpass, BO, ASKPASS, GObject)

/*
 * Takes the questions of every ssh that this program starts while it is the
 * default, where there is no terminal to ask on. ssh starts a small program for
 * each question (SSH_ASKPASS), which passes it on over a socket in a private
 * folder. Only the ssh processes that were started here may ask, and what they start.
 *
 * Signal "question" (BoAskpassQuestion *question): emitted in the main context in
 * which it was made. If nobody is connected to it, the question is refused.
 */
BoAskpass *bo_askpass_new (const char *program, GError **error);
void bo_askpass_set_default (BoAskpass *self);
void bo_askpass_close (BoAskpass *self);
char *bo_askpass_find_program (GError **error);

/*
 * For the one who starts ssh, from any thread: a ticket lets one process ask,
 * until it is freed. There is none while no default is set.
 */
typedef struct _BoAskpassTicket BoAskpassTicket;

BoAskpassTicket *bo_askpass_ticket_new (const BoDeviceUrl *url);
void bo_askpass_ticket_prepare (BoAskpassTicket *ticket, GSubprocessLauncher *launcher);
void bo_askpass_ticket_set_process (BoAskpassTicket *ticket, GSubprocess *process);
const BoSshPrompt *bo_askpass_ticket_get_refused (BoAskpassTicket *ticket);
void bo_askpass_ticket_free (BoAskpassTicket *ticket);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (BoAskpassTicket, bo_askpass_ticket_free)

G_END_DECLS
