using Harness.Abstractions;
using PublicApiGenerator;

namespace Architecture.Tests;

public sealed class PublicApiTests
{
    /// <summary>To approve a change: run with HARNESS_APPROVE=1, review the diff, write the reason into docs/decisions.</summary>
    [Fact]
    public void The_contracts_change_only_on_purpose()
    {
        var approved = new FileInfo(Path.Combine(Repository.Root.FullName, "harness/tests/Architecture.Tests/Abstractions.approved.txt"));
        var options = new ApiGeneratorOptions { IncludeAssemblyAttributes = false };
        var now = typeof(Suite).Assembly.GeneratePublicApi(options);
        if (Environment.GetEnvironmentVariable("HARNESS_APPROVE") == "1") File.WriteAllText(approved.FullName, now + "\n");
        Assert.Equal(File.ReadAllText(approved.FullName).TrimEnd(), now.TrimEnd());
    }
}
