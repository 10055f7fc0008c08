"""Why a target is as it is: explanations from small rules that read facts and never probe."""
