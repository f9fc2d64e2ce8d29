using Harness.Datasets;
using Harness.OnnxWorker.Format;

namespace Harness.OnnxWorker.Tests;

public sealed class OnnxNetworkTests : ModelFolder
{
    static readonly LinearNetwork Network = LinearNetwork.Small;

    [Theory]
    [InlineData(null)]
    [InlineData(1)]
    public void It_answers_as_a_plain_loop_does_in_batches_or_one_by_one(int? batch)
    {
        var images = Network.Images(20);
        using var model = Load(Family(Network.File(batch).WriteTo(Folder)));

        AssertAnswers(images, image => Network.Scores(image), model.Predict(images));
    }

    [Fact]
    public void Mean_and_deviation_are_those_of_each_channel()
    {
        var images = Network.Images(20);
        double[] mean = [0.2, 0.6], deviation = [0.3, 0.9];
        using var model = Load(Family(Network.File().WriteTo(Folder)) with { Mean = mean, Deviation = deviation });

        AssertAnswers(images, image => Network.Scores(image, mean, deviation), model.Predict(images));
    }

    [Fact]
    public void Probabilities_are_taken_as_they_are_and_logits_are_not_taken_for_them()
    {
        var images = Network.Images(4);
        var plain = Family(Network.File().WriteTo(Folder, "plain.onnx"));
        using var logits = Load(plain);
        using var mistaken = Load(plain with { Output = OutputKind.Probabilities });
        using var model = Load(Family(new OnnxBuilder().Input("image", null, 2, 3, 3).Node("Flatten", ["image"], "flat")
            .Node("MatMul", ["flat", "w"], "scores").Node("Softmax", ["scores"], "p", OnnxBuilder.Attribute("axis", 1))
            .Output("p", null, 5).Weights("w", Network.Weights, Network.Inputs, 5).WriteTo(Folder)) with
        {
            Output = OutputKind.Probabilities,
        });

        Assert.All(logits.Predict(images).Zip(model.Predict(images)), pair =>
        {
            Assert.Equal(pair.First.Label, pair.Second.Label);
            Assert.Equal(pair.First.Confidence, pair.Second.Confidence, tolerance: 1e-6f);
        });
        Assert.Contains("are no probabilities", Assert.Throws<HarnessException>(() => mistaken.Predict(images)).Message);
    }

    [Fact]
    public void A_trial_is_of_the_weights_also_where_they_lie_beside_the_model()
    {
        var images = Network.Images(4);
        var beside = Path.Combine(Folder.FullName, "network.onnx.data");
        File.WriteAllBytes(beside, Network.WeightBytes);
        var family = Family(Network.WithoutWeights().WeightsIn("network.onnx.data", "w", [Network.Inputs, 5]).WriteTo(Folder));
        using (var model = Load(family))
        {
            AssertAnswers(images, image => Network.Scores(image), model.Predict(images));
            Assert.Equal(Network.Inputs * 5, model.Count(images).Macs);
        }

        using (var weights = File.OpenWrite(beside)) weights.WriteByte(1);

        Assert.Contains("The trial is of a model with sha256", Assert.Throws<HarnessException>(() => Load(family)).Message);
    }

    [Fact]
    public void Weights_outside_the_folder_are_not_read()
    {
        var model = Network.WithoutWeights().WeightsIn("../w.data", "w", [Network.Inputs, 5]).WriteTo(Folder);

        Assert.Contains("'../w.data'; allowed is a file beside it",
            Assert.Throws<UnsupportedException>(() => OnnxFile.Read(model)).Message);
    }

    public static TheoryData<string, string> Refused { get; } = new()
    {
        { "shape", "takes an input [any, 3, 3, 3], and the dataset's samples are [batch, channel 2, row 3, column 3]" },
        { "rank", "takes an input [any, 18]" },
        { "classes", "tells 5 classes apart, and the dataset has 10" },
        { "inputs", "has 2 inputs (image, other); allowed is one" },
        { "outputs", "has 2 outputs (scores, flat); allowed is one" },
        { "batch", "takes batches of 4 samples and of no other size" },
        { "operator set", "ai.onnx 99" },
        { "random", "(node noise, RandomNormalLike)" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_network_that_does_not_fit_is_refused_with_the_reason(string fault, string reason)
    {
        var file = fault switch
        {
            "shape" => (Network with { Channels = 3 }).File(),
            "rank" => new OnnxBuilder().Input("image", null, 18).Node("MatMul", ["image", "w"], "scores").Output("scores", null, 5)
                .Weights("w", Network.Weights, 18, 5),
            "inputs" => Network.File().Input("other", 1),
            "outputs" => Network.File().Output("flat", null, 18),
            "batch" => Network.File(batch: 4),
            "operator set" => Network.File(operatorSet: 99),
            "random" => Network.File().Node("RandomNormalLike", ["flat"], "noise"),
            _ => Network.File(),
        };

        var error = Assert.Throws<UnsupportedException>(() => Load(Family(file.WriteTo(Folder)), classes: fault == "classes" ? 10 : 5));

        Assert.Contains(reason, error.Message);
    }

    [Fact]
    public void A_seeded_random_operator_runs()
    {
        var seed = OnnxBuilder.Attribute("seed", 3.5f);
        using var model = Load(Family(Network.File().Node("RandomNormalLike", ["flat"], "noise", seed).WriteTo(Folder)));

        Assert.Single(model.Predict(Network.Images(1)));
    }

    [Theory]
    [InlineData("not a network at all")]
    [InlineData("")]
    public void What_is_no_ONNX_file_is_refused_as_such(string text)
    {
        var file = new FileInfo(Path.Combine(Folder.FullName, "text.onnx"));
        File.WriteAllText(file.FullName, text);

        Assert.Contains("text.onnx is no ONNX file", Assert.Throws<UnsupportedException>(() => OnnxFile.Read(file)).Message);
    }

    [Fact]
    public void A_missing_file_is_missing_data() => Assert.Contains("nowhere.onnx cannot be read",
        Assert.Throws<DataUnavailableException>(() => OnnxFile.Read(new FileInfo(Path.Combine(Folder.FullName, "nowhere.onnx")))).Message);

    static void AssertAnswers(IReadOnlyList<LabeledImage> images, Func<LabeledImage, double[]> scores,
        IReadOnlyList<ClassPrediction> answers)
    {
        Assert.Equal(images.Count, answers.Count);
        Assert.All(images.Zip(answers), pair =>
        {
            var expected = scores(pair.First);
            var best = expected.Max();
            Assert.Equal(Array.IndexOf(expected, best), pair.Second.Label);
            Assert.Equal(1 / expected.Sum(score => Math.Exp(score - best)), pair.Second.Confidence, tolerance: 1e-5);
        });
    }
}
