using Harness.Datasets.Sources;

namespace Harness.Datasets.Tests.Sources;

/// <summary>The variables belong to the whole process, so these tests run alone.</summary>
[CollectionDefinition(nameof(EnvironmentTests), DisableParallelization = true)]
[Collection(nameof(EnvironmentTests))]
public sealed class EnvironmentTests : IDisposable
{
    readonly string? _data = Environment.GetEnvironmentVariable("HARNESS_DATA");
    readonly string? _offline = Environment.GetEnvironmentVariable("HARNESS_OFFLINE");

    public void Dispose() => Set(_data, _offline);

    [Fact]
    public void A_named_folder_is_used()
    {
        using var folder = new TemporaryFolder();
        Set(folder.Info.FullName, offline: null);
        var sources = DataSources.FromEnvironment();
        Assert.Equal((folder.Info.FullName, false), (sources.Data?.FullName, sources.Offline));
    }

    [Fact]
    public void A_named_folder_that_does_not_exist_is_an_error()
    {
        Set("/nonexistent/data", offline: null);
        Assert.Equal("HARNESS_DATA names '/nonexistent/data', which is not a folder; correct or unset it.",
            Assert.Throws<HarnessException>(DataSources.FromEnvironment).Message);
    }

    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData("0", false)]
    [InlineData("false", false)]
    [InlineData("1", true)]
    [InlineData("true", true)]
    public void Offline_is_said_with_a_word(string? word, bool offline)
    {
        Set(_data, word);
        Assert.Equal(offline, DataSources.FromEnvironment().Offline);
    }

    [Fact]
    public void Another_word_for_offline_is_an_error()
    {
        Set(_data, "yes");
        Assert.Equal("HARNESS_OFFLINE is 'yes'; allowed are 1, true, 0, false.",
            Assert.Throws<HarnessException>(DataSources.FromEnvironment).Message);
    }

    static void Set(string? data, string? offline)
    {
        Environment.SetEnvironmentVariable("HARNESS_DATA", data);
        Environment.SetEnvironmentVariable("HARNESS_OFFLINE", offline);
    }
}
