using System.Text.Json;

namespace Harness.Cli.Tests;

public sealed class StepImportTests : IDisposable
{
    readonly HarnessProcess _harness = new();

    public void Dispose() => _harness.Dispose();

    [Fact]
    public async Task A_configuration_of_step_becomes_a_plan_that_can_be_listed()
    {
        var source = _harness.Write("small.yml", "# comment\nmodel: spikformer\ndataset: torch/mnist\nembed_dim: 64\nnum_heads: 4\n"
            + "step: 2\nepochs: 10\nwarmup_epochs: 1\nlr: 5.0e-3\ncutmix: 0.\namp: True\nmean: [0.5, 0.5]\ndevice: cuda:0\n");
        var plan = Path.Combine(_harness.Folder.FullName, "small.yaml");
        var outcome = await _harness.RunHere("import", "step-config", source, "--output", plan);
        Assert.True(outcome.Code == ExitCodes.Ok, outcome.Messages);
        Assert.Contains("ignored device: cuda:0 (belongs to the machine", outcome.Messages, StringComparison.Ordinal);
        Assert.Contains("embed_dim: 64 -> width", outcome.Messages, StringComparison.Ordinal);
        Assert.Contains("12 keys: 8 mapped, 4 ignored, none dropped", outcome.Messages, StringComparison.Ordinal);
        var trials = await _harness.RunHere("plan", plan);
        Assert.True(trials.Code == ExitCodes.Ok, trials.Messages);
        Assert.Contains("training.learningRate 0.005", trials.Data, StringComparison.Ordinal);
        var whole = await _harness.RunHere("plan", plan, "--json");
        Assert.Equal(0.1, JsonElement.Parse(whole.Data)[0].GetProperty("trial").GetProperty("configuration").GetProperty("training")
            .GetProperty("warmup").GetDouble());
    }

    [Fact]
    public async Task A_key_that_step_would_silently_accept_is_an_error_here()
    {
        var file = _harness.Write("wrong.yml", "model: spikformer\ndataset: mnist\nembd_dim: 64\n");
        var outcome = await _harness.RunHere("import", "step-config", file);
        Assert.NotEqual(ExitCodes.Ok, outcome.Code);
        Assert.Contains("embd_dim: '64' is no key of STEP", outcome.Messages, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_value_that_the_family_refuses_is_an_error_of_the_plan()
    {
        var file = _harness.Write("odd.yml", "model: spikformer\ndataset: mnist\nembed_dim: 63\n");
        var outcome = await _harness.RunHere("import", "step-config", file);
        Assert.NotEqual(ExitCodes.Ok, outcome.Code);
        Assert.Contains("63", outcome.Messages, StringComparison.Ordinal);
    }
}
