using System.Text.Json;
using Suites.SpikingTransformers.Importing;

namespace Suites.SpikingTransformers.Tests.Importing;

public sealed class StepConfigurationTests
{
    static readonly string[] Knobs = ["width", "depth", "heads", "mlpRatio", "steps", "tau", "threshold", "surrogate", "slope", "neuron",
        "attention", "embedding", "attentionScale", "resolution", "training", "augmentation"];

    [Fact]
    public void Known_keys_become_knobs_of_the_family()
    {
        var plan = Read("""
            {"model":"spikformer_cifar","dataset":"torch/cifar10","img_size":32,"embed_dim":384,"depths":4,"num_heads":12,"step":4,
             "tau":2.0,"node_type":"NILIFNode","act_function":"SigmoidGrad","alpha":4.0,"embed_layer":"SPS","attn_layer":"random_ssa",
             "epochs":400,"lr":5e-4,"warmup_epochs":20,"smoothing":0.1,
             "mixup":0.5,"mixup_off_epoch":200,"reprob":0.25,"seed":42,"opt":"adamw"}
            """);
        Assert.Equal("""
            # Imported from a configuration of the STEP platform.
            name: some
            purpose: manual
            seeds: [42]
            threads: 2
            trials:
              - suite: spiking-transformers
                benchmark: images
                datasets: [cifar10]
                families:
                  - id: spikformer
                    with:
                      width: 384
                      depth: 4
                      heads: 12
                      steps: 4
                      tau: 2.0
                      neuron: ni_lif
                      surrogate: sigmoid
                      slope: 4.0
                      embedding: sps
                      attention: random
                      training:
                        epochs: 400
                        learningRate: 5e-4
                        warmup: 0.05
                        labelSmoothing: 0.1
                        mixup: 0.5
                        mixupEpochs: 200
                      augmentation:
                        erasing: 0.25

            """, plan.Text);
        Assert.Equal(["img_size", "opt"], plan.Keys.Where(key => key.Target is null).Select(key => key.Key).Order());
    }

    [Fact]
    public void Every_key_is_accounted_for_and_the_ignored_ones_say_why()
    {
        var file = new Dictionary<string, JsonElement>();
        foreach (var key in StepKeys.Rules.Keys)
            file[key] = JsonSerializer.SerializeToElement<object>(key switch
            {
                "model" => "spikformer", "dataset" => "mnist", "node_type" => "LIFNode", "act_function" => "AtanGrad",
                "embed_layer" => "SPS", "attn_layer" => "SSA", "sched" => "cosine", "opt" => "adamw", "amp" => true,
                "data_dir" or "output" or "device" => "x",
                "epochs" => 30, "warmup_epochs" => 3, _ => 1,
            });
        var plan = StepConfiguration.Read("all", file, (_, _) => Knobs);
        Assert.Equal(file.Keys.Order(StringComparer.Ordinal), plan.Keys.Select(key => key.Key).Order(StringComparer.Ordinal));
        Assert.All(plan.Keys.Where(key => key.Target is null), key => Assert.NotEmpty(key.Note));
    }

    [Fact]
    public void Unknown_keys_and_values_are_errors_and_all_come_at_once()
    {
        var error = Assert.Throws<HarnessException>(() => Read("""
            {"model":"resnet","dataset":"torch/imagenet","sched":"step","embed_dims":384,"node_type":"HDLIFNode"}
            """)).Message;
        foreach (var wrong in new[] { "'resnet'", "'torch/imagenet'", "sched: 'step' has no counterpart here; known: cosine",
            "embed_dims: '384' is no key of STEP", "'HDLIFNode'" })
            Assert.Contains(wrong, error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_configuration_without_a_model_is_refused() =>
        Assert.Contains("model: is missing", Assert.Throws<HarnessException>(() => Read("""{"dataset":"mnist"}""")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void A_knob_that_the_family_has_not_is_told()
    {
        var plan = StepConfiguration.Read("some", Keys("""{"model":"qkformer","dataset":"mnist","attn_layer":"SSA","lr":0.001}"""),
            (_, _) => ["width", "learningRate"]);
        Assert.Equal("family qkformer has no knob attention", plan.Keys.Single(key => key.Key == "attn_layer").Note);
        Assert.Contains("learningRate: 0.001", plan.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Three_widths_are_those_of_three_stages() => Assert.Contains(
        "firstWidth: 64\n          middleWidth: 192\n          width: 384", StepConfiguration.Read("some",
        Keys("""{"model":"spikingresformer","dataset":"cifar10","embed_dim":[64,192,384]}"""),
            (_, _) => ["firstWidth", "middleWidth", "width"]).Text, StringComparison.Ordinal);

    [Fact]
    public void Dropout_that_STEP_hands_down_in_vain_is_called_lost_where_it_is_not_zero() => Assert.Contains("lost",
        Read("""{"model":"spikformer","dataset":"mnist","attn_drop":0.1}""").Keys.Single(key => key.Key == "attn_drop").Note,
        StringComparison.Ordinal);

    static StepPlan Read(string json) => StepConfiguration.Read("some", Keys(json), (_, _) => Knobs);

    static Dictionary<string, JsonElement> Keys(string json) =>
        JsonElement.Parse(json).EnumerateObject().ToDictionary(key => key.Name, key => key.Value);
}
