using Harness.Core.Registry;
using Harness.Datasets;
using Harness.Datasets.Events;
using Harness.OnnxWorker.Inputs;
using Suites.SpikingTransformers;

namespace Harness.OnnxWorker;

/// <summary>The benchmarks of the suite spiking-transformers that ask for a class, each with the one family that runs ONNX files.</summary>
static class OnnxSuite
{
    /// <param name="model">Path of the file that trials run unless they name another.</param>
    public static Suite Serving(string model)
    {
        var suite = SpikingTransformersSuite.Create();
        return suite with { Benchmarks = [.. suite.Benchmarks.Select(benchmark => WithOnnxOrNull(benchmark, model)).OfType<IBenchmark>()] };
    }

    static IBenchmark? WithOnnxOrNull(IBenchmark benchmark, string model) => benchmark switch
    {
        Benchmark<LabeledImage, ClassPrediction> images => With<LabeledImage, ImageInput>(images, model),
        Benchmark<FrameSequence, ClassPrediction> sequences => With<FrameSequence, SequenceInput>(sequences, model),
        Benchmark<FrameImages, ClassPrediction> recordings => With<FrameImages, RecordingInput>(recordings, model),
        Benchmark<TokenSequence, ClassPrediction> tokens => With<TokenSequence, TokenInput>(tokens, model),
        _ => null,
    };

    static Benchmark<TSample, ClassPrediction> With<TSample, TInput>(Benchmark<TSample, ClassPrediction> benchmark, string model)
        where TInput : INetworkInput<TSample> =>
        benchmark with { Families = [new OnnxNetwork<TSample, TInput>(Model: model)] };
}
