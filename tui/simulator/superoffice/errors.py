"""The error object and the odd 200s of the SuperOffice side. Source: superoffice PROTOCOL §11."""

from tui.simulator.http_messages import Answer


def so_error(status: int, kind: str, message: str) -> Answer:
    return Answer(
        status,
        {
            "Error": True,
            "ErrorType": kind,
            "ErrorMessage": message,
            "ErrorSource": "SuperOffice.Services.Implementation",
        },
    )


NO_ACCESS = so_error(403, "SoSecurityException", "The application has no access to the ErpSync agent.")


def message_answer(message: str) -> Answer:
    """200 with a message instead of the carrier, as for a missing parameter."""
    return Answer(200, {"Message": message, "MessageDetail": "The request could not be carried out."})
