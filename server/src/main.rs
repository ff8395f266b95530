fn main() -> std::process::ExitCode {
    anteroom_server::cli::main()
}
