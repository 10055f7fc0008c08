"""`syncdeck register` from its arguments to its exit code."""

from pathlib import Path

from tui.cli.console_arguments import Arguments, options_of
from tui.cli.streams import refuse
from tui.paths import state_dir


def run(args: Arguments, path: Path) -> int:
    if args.demo:
        return refuse("register needs a server; `syncdeck simulate` starts one to try it on")
    if args.read_only:
        return refuse("register adds an app to JTL-Wawi, which --read-only does not allow")
    from tui.headless.register.command import run as register
    from tui.headless.register.context import RegisterContext
    from tui.headless.register.questions import PROVIDER, WEBSITE, RegisterRequest
    from tui.wiring import build_registrar, build_service

    options = options_of(args)
    request = RegisterRequest(
        config=path,
        profile=args.profile,
        base_url=args.base_url,
        environment=args.environment,
        app_id=args.app_id,
        display_name=args.display_name,
        provider=args.provider_name or PROVIDER,
        website=args.provider_website or WEBSITE,
        scopes=tuple(args.scope),
        challenge=args.challenge,
        key_file=args.secret_file,
        api_version=args.api_version,
        ca_bundle=args.ca_bundle,
        allow_plain_http=args.allow_plain_http,
        add=args.add,
        yes=args.yes,
        show_key=args.show_key,
        resume=args.resume,
        new=args.new,
        minutes=args.wait,
    )
    workshop = RegisterContext(
        make_registrar=lambda registration: build_registrar(registration, options),
        make_service=lambda file, name: build_service(file, name, options),
        state=state_dir(),
    )
    return register(request, workshop)
