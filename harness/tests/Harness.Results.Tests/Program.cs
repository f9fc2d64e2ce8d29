using Harness.Results.Tests.Indexing;
using Xunit.Runner.InProc.SystemConsole;

return args is [CrashWriter.Word, var folder, var runs]
    ? await CrashWriter.RunAsync(new(folder), int.Parse(runs), Console.Out) : await ConsoleRunner.Run(args);
