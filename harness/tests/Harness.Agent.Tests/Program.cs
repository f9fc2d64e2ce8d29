using System.Text;
using Harness.Agent.Running;
using Harness.Agent.Tests.Running;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

namespace Harness.Agent.Tests;

/// <summary>Runs the tests; with the word <c>worker</c>, serves one run as a real worker process would.</summary>
public static class Program
{
    public static Task<int> Main(string[] arguments) => arguments switch
    {
        ["worker"] => Task.FromResult(Serve()),
        _ when arguments.Any(argument => argument is "--server" or "--internal-msbuild-node") =>
            TestPlatformTestFramework.RunAsync(arguments, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
        _ => ConsoleRunner.Run(arguments),
    };

    static int Serve()
    {
        using var output = new StreamWriter(StandardOutput.Claim(), new UTF8Encoding(false));
        var server = new WorkerServer(Sums.Catalogue, [], TimeProvider.System, "test",
            Environment.Exit) { Patience = TimeSpan.FromMilliseconds(300) };
        return server.Run(Console.In, output);
    }
}
