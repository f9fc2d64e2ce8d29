using System.Xml.Linq;

namespace Architecture.Tests;

public sealed class RepositoryTests
{
    static readonly DirectoryInfo Root = Repository.Root;

    static readonly Dictionary<string, string[]> Arrows = new()
    {
        ["Harness.Abstractions"] = [],
        ["Harness.Core"] = ["Harness.Abstractions"],
        ["Harness.Datasets"] = ["Harness.Abstractions"],
        ["Harness.Torch"] = ["Harness.Abstractions"],
        ["Harness.Spiking"] = ["Harness.Abstractions", "Harness.Datasets", "Harness.Torch"],
        ["Harness.Device"] = ["Harness.Abstractions", "Harness.Core", "Harness.Datasets", "Harness.Agent", "Harness.Queue",
            "Harness.Queue.Nats", "Suites.Clustering", "Suites.LlmEdge"],
        ["Harness.OnnxWorker"] = ["Harness.Abstractions", "Harness.Core", "Harness.Datasets", "Harness.Agent",
            "Suites.SpikingTransformers"],
        ["Harness.FakePhone"] = [],
        ["Harness.Queue"] = ["Harness.Abstractions"],
        ["Harness.Queue.Nats"] = ["Harness.Abstractions", "Harness.Queue"],
        ["Harness.Agent"] = ["Harness.Abstractions", "Harness.Core", "Harness.Queue"],
        ["Harness.Results"] = ["Harness.Abstractions"],
        ["Harness.Statistics"] = ["Harness.Abstractions"],
        ["Harness.Detection"] = ["Harness.Abstractions", "Harness.Statistics"],
        ["Harness.Testing"] = ["Harness.Abstractions"],
        ["Harness.Torch.Testing"] = ["Harness.Torch"],
        ["Harness.Fuzzing"] = ["Harness.Abstractions", "Harness.Datasets"],
        ["Harness.Publishing"] = ["Harness.Abstractions", "Harness.Results", "Harness.Statistics"],
    };

    static readonly string[] SuiteMaySee = ["Harness.Abstractions", "Harness.Datasets", "Harness.Torch", "Harness.Spiking"];

    // The part of a suite that needs native tensors, beside the part that programs without them carry.
    static readonly Dictionary<string, string> Extends = new()
    {
        ["Suites.Clustering.Neural"] = "Suites.Clustering", ["Suites.LlmEdge.Neural"] = "Suites.LlmEdge",
    };

    [Fact]
    public void A_project_sees_only_what_the_architecture_allows()
    {
        foreach (var project in Projects().Where(project => !project.Name.EndsWith(".Tests.csproj")))
        {
            var name = Path.GetFileNameWithoutExtension(project.Name);
            if (name is "Harness.Cli" or "Harness.Benchmarks") continue;
            var allowed = !name.StartsWith("Suites.") ? Arrows.GetValueOrDefault(name)
                : Extends.TryGetValue(name, out var plain) ? [.. SuiteMaySee, plain] : SuiteMaySee;
            Assert.True(allowed is not null, $"{name} has no place in the architecture: add its arrows here and in ARCHITECTURE.md.");
            foreach (var seen in References(project))
                Assert.True(allowed.Contains(seen), $"{name} must not see {seen}; it may see {string.Join(", ", allowed)}.");
        }
    }

    [Fact]
    public void Abstractions_and_core_have_no_packages()
    {
        foreach (var name in new[] { "Harness.Abstractions", "Harness.Core", "Harness.Agent" })
            Assert.Empty(XDocument.Load(Projects().Single(project => project.Name == $"{name}.csproj").FullName)
                .Descendants("PackageReference"));
    }

    [Fact]
    public void Versions_stand_in_one_place()
    {
        foreach (var project in Projects())
            Assert.DoesNotContain(XDocument.Load(project.FullName).Descendants("PackageReference"),
                reference => reference.Attribute("Version") is not null);
    }

    [Fact]
    public void Every_project_is_in_the_solution_and_has_a_lock_file()
    {
        var solution = File.ReadAllText(Path.Combine(Root.FullName, "harness.sln"));
        foreach (var project in Projects())
        {
            Assert.Contains(project.Name, solution);
            Assert.True(File.Exists(Path.Combine(project.DirectoryName!, "packages.lock.json")),
                $"{project.Name} has no lock file: run dotnet restore and commit it.");
        }
    }

    [Fact]
    public void No_line_of_code_is_longer_than_140_characters()
    {
        // Line breaks of a Razor page are part of what it prints.
        var tooLong = SourceFiles().Where(file => file.Extension == ".cs").SelectMany(file => File.ReadLines(file.FullName)
            .Select((line, index) => (line, index)).Where(entry => entry.line.Length > 140)
            .Select(entry => $"{Path.GetRelativePath(Root.FullName, file.FullName)}:{entry.index + 1} has {entry.line.Length} characters"));
        Assert.Empty(tooLong);
    }

    [Fact]
    public void No_source_file_names_a_path_of_some_machine()
    {
        var suspicious = new[] { "/home/", "/work/", "/root/", "C:\\\\Users" };
        var found = SourceFiles().Where(file => file.Name != "RepositoryTests.cs")
            .SelectMany(file => File.ReadLines(file.FullName).Where(line => suspicious.Any(line.Contains))
            .Select(line => $"{file.Name}: {line.Trim()}"));
        Assert.Empty(found);
    }

    [Theory]
    [InlineData("run")]
    [InlineData("test")]
    [InlineData(".ci/run")]
    public void The_commands_of_the_readme_can_be_executed(string script) =>
        Assert.True(File.GetUnixFileMode(Path.Combine(Root.FullName, script)).HasFlag(UnixFileMode.UserExecute));

    static IEnumerable<FileInfo> Projects() => Files("*.csproj");

    static IEnumerable<FileInfo> SourceFiles() => Files("*.cs").Concat(Files("*.razor"));

    static IEnumerable<FileInfo> Files(string pattern) => new[] { "harness", "suites" }
        .SelectMany(folder => new DirectoryInfo(Path.Combine(Root.FullName, folder)).EnumerateFiles(pattern, SearchOption.AllDirectories))
        .Where(file => !file.FullName.Contains("/obj/") && !file.FullName.Contains("/bin/"));

    static IEnumerable<string> References(FileInfo project) => XDocument.Load(project.FullName).Descendants("ProjectReference")
        .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
}
