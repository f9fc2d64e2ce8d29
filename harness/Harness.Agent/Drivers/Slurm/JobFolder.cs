using System.Globalization;
using Harness.Agent.Running;

namespace Harness.Agent.Drivers.Slurm;

/// <summary>
/// The files through which a job and the agent talk, in a folder both see: lines to the worker are appended to <c>input</c> until
/// <c>closed</c> exists; its lines and its log grow in <c>output</c> and <c>log</c>; <c>code</c> appears when it has ended.
/// </summary>
sealed class JobFolder(DirectoryInfo folder)
{
    public string Input => PathOf("input");
    public string Closed => PathOf("closed");
    public string Output => PathOf("output");
    public string Log => PathOf("log");
    public string Script => PathOf("job.sh");
    /// <summary>What Slurm itself says, e.g. that a limit bit.</summary>
    public string Notes => PathOf("slurm.log");

    /// <summary>The exit code, once the worker has ended; null until then.</summary>
    public int? CodeOrNull()
    {
        try { return int.Parse(File.ReadAllText(PathOf("code")), CultureInfo.InvariantCulture); }
        catch (IOException) { return null; }
    }

    public void Create(WorkerCommand worker, string word)
    {
        folder.Create();
        foreach (var file in new[] { Input, Output, Log }) File.WriteAllText(file, "");
        File.WriteAllText(Script, ScriptFor(worker, word));
    }

    public void Delete()
    {
        try { folder.Delete(recursive: true); }
        catch (IOException) { return; }
    }

    // A pipe of the node stands between the growing file and the worker, so that the worker sees an end of its input.
    string ScriptFor(WorkerCommand worker, string word) => $$"""
        #!/bin/sh
        cd {{Quote(folder.FullName)}} || exit 1
        {{string.Join('\n', worker.Environment.Select(entry => $"export {entry.Key}={Quote(entry.Value)}"))}}
        pipe=$(mktemp -u) && mkfifo "$pipe" || exit 1
        feed() {
          exec 3<input
          rest=
          while :; do
            if IFS= read -r part <&3; then printf '%s\n' "$rest$part"; rest=
            else
              rest=$rest$part
              if [ -n "$last" ]; then exit 0; fi
              # What was written before the mark is read once more.
              if [ -e closed ]; then last=yes; else sleep 0.1; fi
            fi
          done
        }
        feed > "$pipe" &
        feeder=$!
        # The shell outlives a request to end, so that it can tell how the worker took it.
        trap : TERM
        {{string.Join(' ', new[] { worker.FileName }.Concat(worker.Arguments).Append(word).Select(Quote))}} < "$pipe" > output 2> log
        code=$?
        kill $feeder 2>/dev/null
        rm -f "$pipe"
        echo $code > code.part && mv code.part code
        exit $code

        """;

    static string Quote(string text) => $"'{text.Replace("'", "'\\''")}'";

    string PathOf(string name) => Path.Combine(folder.FullName, name);
}
