using System.Diagnostics;
using Harness.Agent.Running;

namespace Harness.Cli.Nightly;

/// <summary>A commit as a program that can be run.</summary>
sealed record Build(string Commit, DirectoryInfo Folder);

/// <summary>A commit that does not become a program.</summary>
sealed class BuildFailedException(string message) : HarnessException(message);

/// <summary>
/// Builds commits in clean trees and keeps what comes out, by commit and recipe: a bisection and the next night find it again. The folder
/// may be deleted at any time.
/// </summary>
sealed class BuildCache(Git repository, BuildRecipe recipe, DirectoryInfo cache, Action<string> say)
{
    const int LogCharacters = 2000;

    readonly DirectoryInfo _folder = new(Path.Combine(cache.FullName, "builds"));
    readonly Dictionary<string, string> _failed = new(StringComparer.Ordinal);

    /// <exception cref="BuildFailedException">It does not build: the end of what the build printed.</exception>
    public async Task<Build> OfAsync(string commit, CancellationToken cancellation)
    {
        var kept = new DirectoryInfo(Path.Combine(_folder.FullName, $"{commit[..12]}-{CanonicalJson.Hash(recipe)[..8]}"));
        if (kept.Exists) return new(commit, kept);
        if (_failed.TryGetValue(commit, out var problem)) throw new BuildFailedException(problem);
        say($"building {commit[..12]}");
        var tree = Path.Combine(_folder.FullName, $".tree-{Environment.ProcessId}");
        _folder.Create();
        repository.Output("worktree", "add", "--force", "--detach", tree, commit);
        try
        {
            await RunAsync(commit, tree, cancellation);
            Keep(Path.Combine(tree, recipe.Output), kept, commit);
        }
        catch (BuildFailedException failed)
        {
            _failed[commit] = failed.Message;
            throw;
        }
        finally
        {
            repository.Output("worktree", "remove", "--force", tree);
        }
        return new(commit, kept);
    }

    /// <summary>A copy to the byte, in files of its own: what differs between the two is the machine.</summary>
    public Build Copy(Build build)
    {
        var copy = new DirectoryInfo(build.Folder.FullName + "-copy");
        if (!copy.Exists) Keep(build.Folder.FullName, copy, build.Commit);
        return new(build.Commit, copy);
    }

    public WorkerCommand Worker(Build build)
    {
        var program = Path.Combine(build.Folder.FullName, recipe.Worker[0]);
        if (!File.Exists(program))
            throw new BuildFailedException($"The build of {build.Commit[..12]} has no '{recipe.Worker[0]}' in {build.Folder.FullName}: "
                + "build.worker names a file of build.output.");
        return new(program, [.. recipe.Worker.Skip(1).Select(word => word.Replace(BuildRecipe.Cache, cache.FullName))])
        { WorkingDirectory = build.Folder.FullName };
    }

    async Task RunAsync(string commit, string tree, CancellationToken cancellation)
    {
        using var shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", $"exec 2>&1; {recipe.Command}"])
        {
            WorkingDirectory = tree, UseShellExecute = false, RedirectStandardOutput = true,
        })!;
        try
        {
            var log = await shell.StandardOutput.ReadToEndAsync(cancellation);
            await shell.WaitForExitAsync(cancellation);
            if (shell.ExitCode != 0)
                throw new BuildFailedException($"{commit[..12]} does not build ('{recipe.Command}' ended with {shell.ExitCode}): "
                    + log[Math.Max(0, log.Length - LogCharacters)..].Trim());
        }
        catch (OperationCanceledException)
        {
            shell.Kill(entireProcessTree: true);
            throw;
        }
    }

    // Whole or not at all: a folder under its final name is a finished build.
    void Keep(string output, DirectoryInfo kept, string commit)
    {
        if (!Directory.Exists(output))
            throw new BuildFailedException($"The build of {commit[..12]} made no folder '{recipe.Output}'; build.output names it.");
        var draft = Path.Combine(_folder.FullName, $".draft-{Environment.ProcessId}");
        if (Directory.Exists(draft)) Directory.Delete(draft, recursive: true);
        Copy(new(output), draft);
        Directory.Move(draft, kept.FullName);
    }

    static void Copy(DirectoryInfo from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in from.EnumerateFiles().Where(file => file.Name != ".git")) file.CopyTo(Path.Combine(to, file.Name));
        foreach (var folder in from.EnumerateDirectories()) Copy(folder, Path.Combine(to, folder.Name));
    }
}
