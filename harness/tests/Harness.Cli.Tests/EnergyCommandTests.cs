using System.Text.Json;

namespace Harness.Cli.Tests;

public sealed class EnergyCommandTests : IDisposable
{
    readonly HarnessProcess _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task Every_model_and_every_profile_of_the_checkout_is_listed()
    {
        var models = JsonElement.Parse((await Ok("energy", "models", "--json")).Data).EnumerateArray()
            .Select(model => model.GetProperty("id").GetString()!).ToList();
        Assert.Contains("energy.spikformer_formula", models);
        Assert.Contains("energy.device_loihi", models);
        Assert.Equal(models.Count, models.Distinct(StringComparer.Ordinal).Count());
        Assert.Contains("23.6", (await Ok("energy", "models", "energy.device_loihi")).Data, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Meters_that_are_not_there_say_why()
    {
        _harness.Environment["HARNESS_SYSFS"] = _harness.Folder.FullName;
        _harness.Environment["HARNESS_NVML"] = "libharness-absent.so";
        var meters = (await Ok("energy", "meters")).Data;
        Assert.Contains("no NVIDIA driver", meters, StringComparison.Ordinal);
        Assert.Contains("does not offer RAPL", meters, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_models_are_never_set_beside_each_other()
    {
        var outcome = await _harness.Run("energy", "compare", "a@energy.syops", "b@energy.yan2024");
        Assert.NotEqual(ExitCodes.Ok, outcome.Code);
        Assert.Contains("two different machines", outcome.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_unknown_model_is_refused_with_the_known_ones()
    {
        var outcome = await _harness.Run("energy", "models", "energy.magic");
        Assert.Equal(ExitCodes.Usage, outcome.Code);
        Assert.Contains("energy.spikformer_formula", outcome.Messages, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id: b\nversion: 1\ntitle: B\nkind: toaster\nnode: n\nunknown: [all]", "toaster")]
    [InlineData("id: b\nversion: 1\ntitle: B\nkind: gpu\nnode: n\ncolour: red", "colour")]
    [InlineData("id: b\nversion: 1\ntitle: B\nkind: gpu\nnode: n", "unknown")]
    [InlineData(
        "id: b\nversion: 1\ntitle: B\nkind: gpu\nnode: n\nconstants: [{ name: flop, low: 2, mid: 1, high: 3, unit: pJ, source: s }]",
        "low <= mid")]
    [InlineData("version: 1\ntitle: B\nkind: gpu\nnode: n", "id")]
    public void A_profile_with_a_mistake_is_refused_by_name(string text, string word)
    {
        var file = new FileInfo(_harness.Write("board.yaml", text));
        var error = Assert.Throws<HarnessException>(() => YamlProfiles.Read(file));
        Assert.Contains("board.yaml", error.Message, StringComparison.Ordinal);
        Assert.Contains(word, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_profile_of_the_checkout_is_valid_and_names_its_sources()
    {
        Assert.True(YamlProfiles.All().Count >= 10);
        Assert.All(YamlProfiles.All(), profile => Assert.All(profile.Constants, constant => Assert.NotEmpty(constant.Source)));
    }

    async Task<Outcome> Ok(params string[] arguments)
    {
        var outcome = await _harness.Run(arguments);
        Assert.True(outcome.Code == ExitCodes.Ok, outcome.ToString());
        return outcome;
    }
}
