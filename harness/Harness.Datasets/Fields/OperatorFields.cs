using Harness.Datasets.Formats;
using Harness.Datasets.Sources;

namespace Harness.Datasets.Fields;

/// <summary>An input function and the solution an operator maps it to, each on a grid, C order.</summary>
/// <param name="Target">Empty when withheld.</param>
public sealed record FieldPair(ReadOnlyMemory<float> Input, IReadOnlyList<int> InputShape, ReadOnlyMemory<float> Target,
    IReadOnlyList<int> TargetShape);

/// <summary>Small sets for learning solution operators of partial differential equations (neuraloperator, Kossaifi et al.).</summary>
public sealed class OperatorFields : IDataset<FieldPair>
{
    readonly int _validation;
    readonly int _ownTest;

    /// <param name="validation">How many of the last training pairs are held out.</param>
    /// <param name="ownTest">How many of the pairs before those are the test part where there is no test file.</param>
    OperatorFields(DatasetCard card, int validation, int ownTest = 0)
    {
        (Card, _validation, _ownTest) = (card, validation, ownTest);
    }

    /// <summary>Pressure of a flow through a medium of two permeabilities, 16 × 16.</summary>
    public static OperatorFields Darcy { get; } = new(Describe("darcy-16", "Darcy flow, 16 × 16", 900, 100, 50) with
    {
        Encoding = "input float32 [16 y, 16 x], 1 where permeability is 1, else 0 (permeability 0.1); target float32 [16 y, 16 x], "
            + "pressure",
        SplitRule = "official test file (50); validation: the last 100 of the training file; train: the first 900",
        Files =
        [
            new("pde/darcy_train_16_x.npy", 256_128, "sha256:6934bfe1ad8812985b07c6ac36b0bd6aafa0f3de5ff003d0c3a82994fb470ccb"),
            new("pde/darcy_train_16_y.npy", 1_024_128, "sha256:667d19334cb59545d7da645c7cef418bb5f36f5dfaeea37916b7b77c5f877aef"),
            new("pde/darcy_test_16_x.npy", 12_928, "sha256:16c23ff9a9357e3645dfce19e99db249a0bfbbf1da36e088798269ce7a87f476"),
            new("pde/darcy_test_16_y.npy", 51_328, "sha256:6e2e9cb914a1d975a202b400c910bed6beb32274a6cdb8802ddd4413e9077a96"),
        ],
    }, validation: 100);

    /// <summary>Trained on 16 × 16, asked on 32 × 32: whether an operator was learned, and not a grid.</summary>
    public static OperatorFields DarcyFiner { get; } = new(Describe("darcy-16-to-32", "Darcy flow, learned at 16 × 16, asked at 32 × 32",
        900, 100, 50) with
    {
        Encoding = "input float32 [y, x], 1 where permeability is 1, else 0 (permeability 0.1); target float32 [y, x], pressure; 16 × "
            + "16, test 32 × 32",
        SplitRule = "official test file at 32 × 32 (50); validation: the last 100 of the training file at 16 × 16; train: the first 900",
        VariantOf = "darcy-16@1",
        Files =
        [
            new("pde/darcy_train_16_x.npy", 256_128, "sha256:6934bfe1ad8812985b07c6ac36b0bd6aafa0f3de5ff003d0c3a82994fb470ccb"),
            new("pde/darcy_train_16_y.npy", 1_024_128, "sha256:667d19334cb59545d7da645c7cef418bb5f36f5dfaeea37916b7b77c5f877aef"),
            new("pde/darcy_test_32_x.npy", 51_328, "sha256:31dbc189ec05fa85a2ceee27044ce143125328fef4da2c6c899f95a60df37ac0"),
            new("pde/darcy_test_32_y.npy", 204_928, "sha256:1364e7b6f122ca96c1dd59b5023584fe30326175398480dc0b7d114d379c0078"),
        ],
    }, validation: 100);

    /// <summary>Burgers' equation in one dimension, viscosity 0.01: the state at 17 times from the first.</summary>
    public static OperatorFields Burgers { get; } = new(Describe("burgers-16", "Burgers' equation, 16 points", 600, 100, 100) with
    {
        Encoding = "input float32 [16 x], initial state; target float32 [17 time, 16 x], states, the first of them equal to the input",
        SplitRule = "by position in the one file: train 600, test the next 100, validation the last 100",
        Files =
        [
            new("pde/burgers_train_16_x.npy", 102_528, "sha256:aaf6c2127708d048ec279609145c94582a9b980f3db98fc4a39ddff80c337397"),
            new("pde/burgers_train_16_y.npy", 1_740_928, "sha256:537f14ff05084e06ff6da8a2e74e61e9ce066079bb5685325d7f4eb342f4b64e"),
        ],
    }, validation: 100, ownTest: 100);

    public static IReadOnlyList<OperatorFields> All { get; } = [Darcy, DarcyFiner, Burgers];

    public DatasetCard Card { get; }

    public ValueTask FetchAsync(DirectoryInfo cache, CancellationToken cancellation) =>
        DataSources.Default.FetchAsync(Card.Files, cache, cancellation);

    public IEnumerable<FieldPair> Read(DirectoryInfo cache, Split split)
    {
        var pairs = Pairs(cache, split == Split.Test && _ownTest == 0 ? 2 : 0);
        var held = pairs.Length - _validation;
        return split switch
        {
            Split.Train => pairs[..(held - _ownTest)],
            Split.Validation => pairs[held..],
            _ => _ownTest == 0 ? pairs : pairs[(held - _ownTest)..held],
        };
    }

    FieldPair[] Pairs(DirectoryInfo cache, int first)
    {
        var (inputs, targets) = (Npy.Read(FileStore.Require(cache, Card.Files[first])),
            Npy.Read(FileStore.Require(cache, Card.Files[first + 1])));
        if (inputs.Shape.Count < 2 || targets.Shape.Count < 2 || inputs.Shape[0] != targets.Shape[0] || inputs.Shape[0] < _validation
            + _ownTest)
            throw new DataFormatException(Card.Files[first].Name,
                $"its shape ({string.Join(", ", inputs.Shape)}) does not go with the targets' ({string.Join(", ", targets.Shape)})");
        var (input, target) = (inputs.Numbers<float>().AsMemory(), targets.Numbers<float>().AsMemory());
        var (inputSize, targetSize) = (input.Length / inputs.Shape[0], target.Length / inputs.Shape[0]);
        return [.. Enumerable.Range(0, inputs.Shape[0]).Select(i => new FieldPair(input.Slice(i * inputSize, inputSize),
            [.. inputs.Shape.Skip(1)],
            target.Slice(i * targetSize, targetSize), [.. targets.Shape.Skip(1)]))];
    }

    static DatasetCard Describe(string id, string title, int train, int validation, int test) => new(id, 1, title)
    {
        Licence = "MIT",
        Citation = "Kossaifi et al.: neuraloperator; Li et al.: Fourier neural operator for parametric partial differential equations, "
            + "ICLR 2021",
        Encoding = "", SplitRule = "",
        Metrics = ["relative-l2@1"],
        Counts = new Dictionary<Split, int> { [Split.Train] = train, [Split.Validation] = validation, [Split.Test] = test },
    };
}
