"""ErrorResponse of the JTL side. Source: jtl PROTOCOL §5."""

from collections.abc import Mapping

from tui.simulator.http_messages import Answer, Refused

Errors = Mapping[str, list[str]]


def error_answer(status: int, code: str, message: str, errors: Errors | None = None) -> Answer:
    fields = dict(errors or {})
    return Answer(
        status,
        {
            "ErrorCode": code,
            "ValidationErrors": {name: texts[0] for name, texts in fields.items()},
            "Errors": fields,
            "ErrorMessage": message,
            "Stacktrace": None,
        },
    )


def refusal(status: int, code: str, message: str, errors: Errors | None = None) -> Refused:
    """The same, to be raised."""
    return Refused(error_answer(status, code, message, errors))


def invalid(errors: Errors) -> Refused:
    """400 with messages per field, to be raised."""
    return refusal(400, "VALIDATION_ERROR", "One or more fields are not valid.", errors)


def not_found(what: str) -> Refused:
    return refusal(404, "NOT_FOUND", f"{what} was not found.")
