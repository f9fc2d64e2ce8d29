using System.Globalization;
using System.Text.Json;

namespace Suites.SpikingTransformers.Importing;

/// <summary>Every key that a STEP configuration may have, and what it means here.</summary>
static class StepKeys
{
    public static readonly IReadOnlyDictionary<string, string> Models = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["spikformer"] = "spikformer", ["spikingformer"] = "spikingformer", ["sdt"] = "sdt",
        ["qkformer"] = "qkformer", ["spikf_semm"] = "semm", ["semm"] = "semm", ["sglformer"] = "sglformer", ["swformer"] = "swformer",
        ["spikingresformer"] = "spikingresformer", ["tim"] = "tim", ["cml"] = "cml", ["vit"] = "ann-vit-tiny",
    };

    public static readonly IReadOnlyDictionary<string, (string Benchmark, string Dataset)> Datasets =
        new Dictionary<string, (string, string)>(StringComparer.Ordinal)
        {
            ["cifar10"] = ("images", "cifar10"), ["mnist"] = ("images", "mnist"), ["fashionmnist"] = ("images", "fashion-mnist"),
            ["smnist"] = ("whole", "smnist-whole"), ["psmnist"] = ("whole", "psmnist-whole"), ["nmnist"] = ("recordings", "nmnist-4f"),
        };

    static readonly Dictionary<string, string> Neurons = new(StringComparer.Ordinal)
    {
        ["if"] = "if", ["lif"] = "lif", ["plif"] = "plif", ["klif"] = "klif", ["glif"] = "glif", ["clif"] = "clif", ["ilif"] = "ilif",
        ["nilif"] = "ni_lif", ["eif"] = "eif", ["psn"] = "psn",
    };

    static readonly Dictionary<string, string> Surrogates = new(StringComparer.Ordinal)
    {
        ["sigmoid"] = "sigmoid", ["atan"] = "arc_tangent", ["qgate"] = "triangle", ["gate"] = "rectangle", ["softsign"] = "soft_sign",
    };

    static readonly Dictionary<string, string> Embeddings = new(StringComparer.Ordinal)
    {
        ["sps"] = "sps", ["sps_1conv"] = "one_conv", ["vit_embed"] = "one_conv", ["1conv"] = "one_conv", ["sps_2conv"] = "two_conv",
        ["conv2_embed"] = "two_conv", ["2conv"] = "two_conv",
    };

    static readonly Dictionary<string, string> Attentions = new(StringComparer.Ordinal)
    {
        ["ssa"] = "ssa", ["sdsa"] = "sdsa", ["repconv_attn"] = "sdsa3", ["sdsa3"] = "sdsa3", ["random_ssa"] = "random",
        ["random_sdsa"] = "random_sdsa", ["qk"] = "qk",
    };

    const string Machine = "belongs to the machine: the session and its threads decide";
    const string Scaling = "images are not cropped at random or resampled here; augmentation moves, mirrors and erases";
    const string FromData = "follows from the data here";

    public static readonly IReadOnlyDictionary<string, StepRule> Rules = new Dictionary<string, StepRule>(StringComparer.Ordinal)
    {
        ["model"] = (value, _) => Word(value, Models, family => new StepOutcome.Model(family)),
        ["dataset"] = (value, _) => Word(value, Datasets, data => new StepOutcome.Data(data.Benchmark, data.Dataset)),
        ["data_dir"] = Ignore("datasets are fetched and checked by the harness"),
        ["num_classes"] = Ignore(FromData), ["in_channels"] = Ignore(FromData), ["sequence_length"] = Ignore(FromData),
        ["img_size"] = Resolution, ["event_size"] = Knob("resolution"),
        ["mean"] = Ignore("intensities stay in 0..1: encoders need that"), ["std"] = Ignore("intensities stay in 0..1: encoders need that"),
        ["crop_pct"] = Ignore(Scaling), ["scale"] = Ignore(Scaling), ["ratio"] = Ignore(Scaling), ["interpolation"] = Ignore(Scaling),
        ["train_interpolation"] = Ignore(Scaling),
        ["color_jitter"] = Knob("augmentation.brightness", "brightness only, not contrast and saturation"),
        ["aa"] = Ignore("RandAugment is not here; augmentation moves, mirrors and erases"),
        ["reprob"] = Knob("augmentation.erasing"), ["remode"] = Ignore("what is erased becomes black"),
        ["mixup"] = Knob("training.mixup"), ["mixup_off_epoch"] = OffEpoch,
        ["mixup_prob"] = Neutral(1, "every batch is mixed"), ["mixup_mode"] = Ignore("one proportion for a batch"),
        ["mixup_switch_prob"] = Ignore("there is no CutMix to switch to"), ["cutmix"] = Neutral(0, "CutMix is not here"),
        ["step"] = Knob("steps"), ["patch_size"] = Ignore("the embedding decides: 4x4 pixels a token, 16x16 of event"),
        ["embed_dim"] = Widths, ["num_heads"] = Whole("heads"), ["mlp_ratio"] = Whole("mlpRatio"), ["attn_scale"] = Knob("attentionScale"),
        ["mlp_drop"] = Neutral(0, "STEP hands it down, and no layer drops anything"),
        ["attn_drop"] = Neutral(0, "STEP hands it down, and no layer drops anything"),
        ["depths"] = Whole("depth"), ["tim_alpha"] = Knob("alpha"), ["tau"] = Knob("tau"), ["threshold"] = Knob("threshold"),
        ["act_function"] = (value, _) => Word(value, Surrogates, word => new StepOutcome.Knob("surrogate", word)),
        ["node_type"] = (value, _) => Word(value, Neurons, word => new StepOutcome.Knob("neuron", word)),
        ["alpha"] = Knob("slope"),
        ["embed_layer"] = (value, _) => Plain(value) == "sequential_embed" ? new StepOutcome.Ignored("sequences have no other embedding")
            : Word(value, Embeddings, word => new StepOutcome.Knob("embedding", word)),
        ["attn_layer"] = (value, _) => Word(value, Attentions, word => new StepOutcome.Knob("attention", word)),
        ["amp"] = Ignore("training is in float32"),
        ["batch_size"] = Knob("training.batchSize"), ["val_batch_size"] = Ignore(Machine),
        ["lr"] = Knob("training.learningRate"), ["min_lr"] = Knob("training.finalRate"),
        ["sched"] = Only("cosine"), ["opt"] = Only("adamw"), ["weight_decay"] = Knob("training.weightDecay"),
        ["cooldown_epochs"] = Ignore("the cosine ends at its final rate, and training with it"),
        ["warmup_epochs"] = Warmup, ["warmup_lr"] = Ignore("the rate rises from near zero"),
        ["smoothing"] = Knob("training.labelSmoothing"), ["epochs"] = Knob("training.epochs"),
        ["seed"] = (value, _) => value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var seed) ? new StepOutcome.Seed(seed)
            : new StepOutcome.Refused("a whole number"),
        ["workers"] = Ignore(Machine), ["device"] = Ignore(Machine), ["log_interval"] = Ignore("every epoch is stored"),
        ["output"] = Ignore("results go to the store"),
    };

    static StepRule Ignore(string reason) => (_, _) => new StepOutcome.Ignored(reason);

    static StepRule Knob(string path, string note = "") => (value, _) => value.ValueKind == JsonValueKind.Number
        ? new StepOutcome.Knob(path, value.GetRawText(), note) : new StepOutcome.Refused("a number");

    // A list of one value stands for the value, as in depths.
    static StepRule Whole(string path) => (value, _) => Single(value) is { ValueKind: JsonValueKind.Number } number
        && Math.Floor(number.GetDouble()) == number.GetDouble() ? new StepOutcome.Knob(path, StepConfiguration.Text(number))
        : value.ValueKind == JsonValueKind.Array ? new StepOutcome.Ignored($"{path} of single stages is fixed in the family")
        : new StepOutcome.Refused("a whole number");

    // A value at which nothing happens needs no counterpart; another one is lost, which is told.
    static StepRule Neutral(double value, string reason) => (given, _) =>
        given.ValueKind == JsonValueKind.Number && given.GetDouble() == value
            ? new StepOutcome.Ignored($"{reason}; {StepConfiguration.Text(given)} does nothing")
            : new StepOutcome.Ignored($"{reason}: this value is lost");

    static StepRule Only(string word) => (value, _) => Plain(value) == word ? new StepOutcome.Ignored($"{word} is what training does")
        : new StepOutcome.Refused(word);

    static StepOutcome Word<T>(JsonElement value, IReadOnlyDictionary<string, T> words, Func<T, StepOutcome> outcome) =>
        words.TryGetValue(Plain(value), out var known) ? outcome(known) : new StepOutcome.Refused(string.Join(", ", words.Keys));

    // Names carry where they come from: torch/CIFAR10, spikformer_cifar, LIFNode, SigmoidGrad.
    static string Plain(JsonElement value)
    {
        var word = StepConfiguration.Text(value).ToLowerInvariant();
        word = word[(word.LastIndexOf('/') + 1)..];
        foreach (var ending in new[] { "_cifar", "_dvs", "node", "torch", "grad", "surrogate" })
            if (word.EndsWith(ending, StringComparison.Ordinal) && word.Length > ending.Length) word = word[..^ending.Length];
        return word.TrimEnd('_');
    }

    static JsonElement Single(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1 ? value[0] : value;

    static StepOutcome Widths(JsonElement value, IReadOnlyDictionary<string, JsonElement> all) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 3
            ? new StepOutcome.Knobs([("firstWidth", value[0].GetRawText()), ("middleWidth", value[1].GetRawText()),
                ("width", value[2].GetRawText())])
            : Whole("width")(value, all);

    static StepOutcome Resolution(JsonElement value, IReadOnlyDictionary<string, JsonElement> all)
    {
        var native = all.TryGetValue("dataset", out var data) && Plain(data) is "cifar10" ? 32 : 28;
        return value.ValueKind != JsonValueKind.Number ? new StepOutcome.Refused("a number")
            : value.GetDouble() == native ? new StepOutcome.Ignored("images of the dataset have this size")
            : new StepOutcome.Knob("resolution", value.GetRawText());
    }

    static StepOutcome Warmup(JsonElement value, IReadOnlyDictionary<string, JsonElement> all)
    {
        if (value.ValueKind != JsonValueKind.Number || !all.TryGetValue("epochs", out var epochs)
            || epochs.ValueKind != JsonValueKind.Number || epochs.GetDouble() < value.GetDouble() || value.GetDouble() < 0)
            return new StepOutcome.Refused("a number of epochs up to epochs, which must be there");
        return new StepOutcome.Knob("training.warmup", (value.GetDouble() / epochs.GetDouble()).ToString(CultureInfo.InvariantCulture),
            "as the share of all epochs");
    }

    static StepOutcome OffEpoch(JsonElement value, IReadOnlyDictionary<string, JsonElement> all)
    {
        if (value.ValueKind != JsonValueKind.Number) return new StepOutcome.Refused("a number");
        if (value.GetDouble() == 0) return new StepOutcome.Ignored("0 is never");
        return all.TryGetValue("mixup", out var mixup) && mixup.ValueKind == JsonValueKind.Number && mixup.GetDouble() > 0
            ? new StepOutcome.Knob("training.mixupEpochs", value.GetRawText()) : new StepOutcome.Ignored("nothing is mixed");
    }
}
