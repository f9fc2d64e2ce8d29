using System.CommandLine;
using System.Text.Json;
using Harness.Agent.Drivers;
using Harness.Agent.Drivers.External;
using Harness.Agent.Running;

namespace Harness.Cli.Commands;

/// <summary>Names the trial of a worker whose families the catalogue does not know.</summary>
sealed class WorkerTrialOptions
{
    readonly Option<string> suite = new("--suite") { DefaultValueFactory = _ => "clustering",
        Description = "Suite (default: clustering)." };
    readonly Option<string> benchmark = new("--benchmark") { DefaultValueFactory = _ => "points",
        Description = "Benchmark (default: points)." };
    readonly Option<string> dataset = new("--dataset") { DefaultValueFactory = _ => "blobs", Description = "Dataset (default: blobs)." };
    readonly Option<string> family = new("--family") { Required = true, Description = "The worker's family, as NAME@VERSION." };
    readonly Option<string> configuration = new("--with") { DefaultValueFactory = _ => "{}",
        Description = "Hyper-parameters, a JSON object." };
    readonly Option<int> seed = new("--seed") { DefaultValueFactory = _ => 1, Description = "Seed (default: 1)." };
    readonly Option<int?> limit = new("--limit", "-L") { Description = "Only the first N test samples." };
    readonly Option<int> threads = new("--threads") { DefaultValueFactory = _ => 1, Description = "Threads (default: 1)." };
    readonly Option<string?> describing = new("--describe") { Description =
        "Command that prints the device card, where the worker stands for another device, such as a board." };
    readonly Argument<string[]> command = new("command") { Arity = ArgumentArity.OneOrMore,
        Description = "The worker's program and its arguments, after `--`." };

    public Command On(Command target)
    {
        foreach (var option in new Option[] { suite, benchmark, dataset, family, configuration, seed, limit, threads, describing })
            target.Options.Add(option);
        target.Arguments.Add(command);
        return target;
    }

    /// <exception cref="HarnessException">A name is unknown or the configuration is no JSON object.</exception>
    public Trial Trial(Workspace workspace, ParseResult parsed)
    {
        var found = workspace.Catalogue.Benchmark(parsed.GetValue(suite)!, parsed.GetValue(benchmark)!);
        var name = parsed.GetValue(family)!;
        if (name.Split('@') is not [{ Length: > 0 }, var version] || !int.TryParse(version, out _))
            throw new HarnessException($"--family is '{name}'; allowed is NAME@VERSION with a whole number, e.g. lloyd-python@1.");
        return new(found.Suite, found.Id, found.Dataset(parsed.GetValue(dataset)!).Card.Protocol, name,
            Configuration(parsed.GetValue(configuration)!), parsed.GetValue(seed), Devices.LocalClass, parsed.GetValue(threads))
        {
            Limit = parsed.GetValue(limit),
        };
    }

    public WorkerCommand Command(ParseResult parsed) => parsed.GetValue(command) is [var program, .. var arguments]
        ? new(program, arguments)
        : throw new HarnessException("Which worker? Give its program and arguments after `--`.");

    public ExternalAgent Agent(Workspace workspace, ParseResult parsed) => new(Command(parsed), workspace.Catalogue, workspace.Cache,
        Devices.ThisMachine, new DriverOptions(Devices.LocalClass), TimeProvider.System)
    {
        Describing = parsed.GetValue(describing)?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var program, .. var arguments]
            ? new(program, arguments)
            : null,
    };

    static JsonElement Configuration(string text)
    {
        try
        {
            if (JsonDocument.Parse(text).RootElement is { ValueKind: JsonValueKind.Object } read) return read;
        }
        catch (JsonException error) { throw Wrong(text, error); }
        throw Wrong(text, null);
    }

    static HarnessException Wrong(string text, JsonException? error) =>
        new($"--with is '{text}'; allowed is a JSON object, e.g. '{{\"clusters\":5}}'. {error?.Message}".TrimEnd(), error);
}
