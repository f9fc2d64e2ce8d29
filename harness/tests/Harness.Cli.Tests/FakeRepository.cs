using System.Diagnostics;
using Harness.Datasets.Lra;

namespace Harness.Cli.Tests;

/// <summary>
/// A git repository whose commits hold a program that speaks the worker protocol: a shell script that answers from a file and states times
/// and counts from files. Its times scatter by one percent, and a commit changes what it is told to, so that the truth is known.
/// </summary>
sealed class FakeRepository(DirectoryInfo folder)
{
    const int Samples = 100;

    const string Program = """
        #!/bin/sh
        read -r request
        chance=$(od -An -N2 -tu2 /dev/urandom)
        time() { echo $(( $1 * (9900 + chance % 201) / 10000 )); }
        cost=$(cat cost)
        echo '{"type":"hello","protocol":1,"worker":"fake","version":"1"}'
        [ -e broken ] && echo '{"type":"finished","state":"failed","reason":"the commit broke it"}' && exit 0
        echo '{"type":"timed","stage":"train","operations":1,"nanoseconds":'$(time 900000000)'}'
        layer='{"layer":"all","kind":"linear","macs":'$(cat macs)',"acs":0,"denseOperations":100}'
        size='{"parameters":10,"bytes":40,"bitsPerWeight":32}'
        echo '{"type":"described","footprint":'$size',"operations":{"layers":['$layer'],"samples":10}}'
        echo '{"type":"timed","stage":"offline","operations":100,"nanoseconds":'$(time $((cost * 100)))'}'
        cat answers
        for call in 1 2 3; do echo '{"type":"timed","stage":"single_stream","operations":1,"nanoseconds":'$(time $cost)'}'; done
        echo '{"type":"finished","state":"ok"}'
        """;

    readonly int[] _labels = [.. GeneratedListOps.Small.Read(new(Path.GetTempPath()), Split.Test).Take(Samples).Select(line => line.Label)];

    public DirectoryInfo Folder => folder;

    /// <summary>The trial, and how a commit is built: by copying, which fails where a file says so.</summary>
    public static (string Plan, string Nightly) Files(string plan) => ($"""
        name: fake
        seeds: [1]
        limit: {Samples}
        trials:
          - suite: spiking-transformers
            benchmark: sequences
            datasets: [lra-listops-gen-small]
            families: [majority-class]
        """, $"""
        name: fake
        plan: {plan}
        base: first
        budget: 1h
        build:
          command: test ! -e unbuildable && mkdir out && cp worker cost macs answers out/ && if [ -e broken ]; then cp broken out/; fi
          output: out
          worker: [worker]
        pairs: 3
        quantities: [latency.p50, speed.samples_per_second, time.train]
        """);

    public void Create()
    {
        folder.Create();
        Git("init", "--quiet", "--initial-branch", "main");
        Git("config", "user.email", "fake@example.org");
        Git("config", "user.name", "Fake");
        Write("worker", Program);
        File.SetUnixFileMode(Path.Combine(folder.FullName, "worker"), (UnixFileMode)0b111_101_101);
        Write("cost", "1000000");
        Write("macs", "100");
        Answer(wrong: 10);
        Commit("first");
        Git("tag", "first");
    }

    public void Write(string name, string text) => File.WriteAllText(Path.Combine(folder.FullName, name), text);

    public void Delete(string name) => File.Delete(Path.Combine(folder.FullName, name));

    /// <summary>Answers every sample rightly but the first ones.</summary>
    public void Answer(int wrong)
    {
        var predictions = _labels.Select((label, index) => $"{{\"label\":{(index < wrong ? (label + 1) % 10 : label)},\"confidence\":1}}");
        Write("answers", $"{{\"type\":\"predicted\",\"first\":0,\"predictions\":[{string.Join(',', predictions)}]}}\n");
    }

    /// <summary>Commits everything, and returns the hash.</summary>
    public string Commit(string message)
    {
        Git("add", "--all");
        Git("commit", "--quiet", "--allow-empty", "--message", message);
        return Git("rev-parse", "HEAD");
    }

    string Git(params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments)
        { WorkingDirectory = folder.FullName, UseShellExecute = false, RedirectStandardOutput = true })!;
        var output = git.StandardOutput.ReadToEnd().Trim();
        git.WaitForExit();
        return git.ExitCode == 0 ? output : throw new InvalidOperationException($"git {arguments[0]} ended with {git.ExitCode}");
    }
}
