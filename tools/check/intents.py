"""What can be meant: every intent is a guide, trained talk, or said by taps alone."""

TALK = (
    *("greet", "goodbye", "thanks", "affirm", "deny", "help", "menu", "ask_human", "out_of_scope"),
    *("start_checkup", "show_plan", "continue_guide", "next_step", "previous_step", "step_done", "start_over"),
    *("change_language", "change_country", "privacy", "delete_my_data", "stop", "feedback"),
)
"""Trained besides the guides."""

TAPPED = (
    *("show_guide", "show_step", "all_steps", "stuck", "more", "not_meant", "show_area", "rate_guide"),
    *("something_else", "guide_pdf", "checkup_question", "answer_checkup"),
)
"""Only buttons say these; they have no phrases."""

FROM_GLOSSARY = ("explain_term",)
"""Its phrases are made of the glossaries, term by term; more may stand in `nlu/<language>/`."""

BUILT_IN = ("nlu_fallback", "session_start", "restart", "back")
"""Rasa's own; a story may use them without a phrase."""
