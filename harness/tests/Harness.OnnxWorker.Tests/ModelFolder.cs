using Harness.Datasets;
using Harness.OnnxWorker.Format;
using Harness.OnnxWorker.Inputs;

namespace Harness.OnnxWorker.Tests;

/// <summary>A folder of models and what a trial needs to load one.</summary>
public abstract class ModelFolder : IDisposable
{
    protected ModelFolder() => Folder = Directory.CreateTempSubdirectory("onnx");

    private protected DirectoryInfo Folder { get; }

    private protected static OnnxNetwork<LabeledImage, ImageInput> Family(FileInfo model) =>
        new(model.FullName, Sha256: OnnxFile.Read(model).Sha256);

    /// <param name="classes">As the dataset's card states them.</param>
    private protected IModel<LabeledImage, ClassPrediction> Load(OnnxNetwork<LabeledImage, ImageInput> family,
        IReadOnlyList<LabeledImage>? samples = null, int classes = 5)
    {
        var card = new DatasetCard("boxes", 1, "Boxes")
        {
            Licence = "none", Citation = "none", Encoding = "none", SplitRule = "none", Classes = classes,
        };
        var context = new RunContext(1, 1, Folder, TimeProvider.System, new Progress<TrainingPoint>(),
            TestContext.Current.CancellationToken)
        {
            Dataset = card,
        };
        return family.Prepare(new(samples ?? LinearNetwork.Small.Images(1), []), context);
    }

    public void Dispose()
    {
        Folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }
}
