using System.CommandLine;
using Harness.Cli.Boards;
using Harness.Cli.Commands;
using Harness.Cli.Fleet;

namespace Harness.Cli;

/// <summary>The composition root: lists suites and devices, and maps the words of the command line to them.</summary>
public static class Program
{
    public static Task<int> Main(string[] arguments) => RunAsync(arguments, Terminal.Standard);

    /// <summary>The whole program with its terminal as an argument, so that tests can read what it prints.</summary>
    public static async Task<int> RunAsync(string[] arguments, Terminal terminal)
    {
        try
        {
            var parsed = Root(terminal).Parse(arguments);
            var configuration = new InvocationConfiguration
            {
                Output = terminal.Data, Error = terminal.Messages, EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = TimeSpan.FromSeconds(20),
            };
            var code = await parsed.InvokeAsync(configuration, CancellationToken.None);
            return parsed.Errors.Count > 0 ? ExitCodes.Usage : code;
        }
        catch (OperationCanceledException)
        {
            terminal.Say("interrupted");
            return ExitCodes.Interrupted;
        }
        catch (HarnessException exception)
        {
            terminal.Fail(exception.Message);
            return ExitCodes.Of(exception);
        }
    }

    static RootCommand Root(Terminal terminal)
    {
        var root =
            new RootCommand("Benchmarks model families over standardized datasets; every number can be traced, re-scored and reproduced.");
        var settings = new Settings(terminal);
        foreach (var option in settings.Options) root.Options.Add(option);
        root.Subcommands.Add(ListCommand.Create(settings));
        root.Subcommands.Add(PlanCommand.Create(settings));
        root.Subcommands.Add(RunCommand.Create(settings));
        root.Subcommands.Add(ResumeCommand.Create(settings));
        root.Subcommands.Add(NightlyCommand.Create(settings));
        root.Subcommands.Add(ShowCommand.Create(settings));
        root.Subcommands.Add(CompareCommand.Create(settings));
        root.Subcommands.Add(RescoreCommand.Create(settings));
        root.Subcommands.Add(EnergyCommand.Create(settings));
        root.Subcommands.Add(ReproduceCommand.Create(settings));
        root.Subcommands.Add(NirCommand.Create(settings));
        root.Subcommands.Add(BoardCommand.Create(settings));
        root.Subcommands.Add(VerifyCommand.Create(settings));
        root.Subcommands.Add(QueryCommand.Create(settings));
        root.Subcommands.Add(IndexCommand.Create(settings));
        root.Subcommands.Add(ImportCommand.Create(settings));
        root.Subcommands.Add(ExportCommand.Create(settings));
        root.Subcommands.Add(NoteCommand.Create(settings));
        root.Subcommands.Add(RemoveCommand.Create(settings));
        root.Subcommands.Add(RemoveCommand.CreateCompact(settings));
        root.Subcommands.Add(KeyCommand.Create(settings));
        root.Subcommands.Add(PublishCommand.Create(settings));
        root.Subcommands.Add(PreviewCommand.Create(settings));
        root.Subcommands.Add(ReportCommand.Create(settings));
        root.Subcommands.Add(ClaimsCommand.Create(settings));
        root.Subcommands.Add(DataCommand.Create(settings));
        root.Subcommands.Add(BenchCommand.Create(settings));
        root.Subcommands.Add(FisbeCommand.Create(settings));
        root.Subcommands.Add(LlmCommand.Create(settings));
        root.Subcommands.Add(CoordinatorCommand.Create(settings));
        root.Subcommands.Add(AgentCommand.Create(settings));
        root.Subcommands.Add(DeviceCommand.Create(settings));
        root.Subcommands.Add(DoctorCommand.Create(settings));
        root.Subcommands.Add(WorkerModeCommand.Create(settings));
        return root;
    }
}
