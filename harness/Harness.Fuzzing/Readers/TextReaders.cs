using Harness.Datasets.Clustering;
using Harness.Datasets.Formats;
using Harness.Datasets.Lra;
using Harness.Datasets.Text;

namespace Harness.Fuzzing.Readers;

static class TextReaders
{
    const string Relation = """
        % a comment
        @relation x
        @attribute a numeric
        @attribute 'b c' REAL
        @attribute class {one,'t w o',noise}
        @data
        1,2,one
        3,4e2,'t w o'
        -5,.5,noise
        """;

    public static IReadOnlyList<FuzzedReader> All { get; } =
    [
        new("table-blanks", [Content.Text("1 2.5\t-3\n4 5e-1 6\n\n7 8 9\n")],
            content => Table.Numbers(Content.Reader(content), "table", separator: null)),
        new("table-commas", [Content.Text("a,b\n1,2\n3.5,-4\nNaN,1e9\n")],
            content => Table.Numbers(Content.Reader(content), "table", ',', skip: 1)),
        new("table-quoted", [Content.Text("id,name\n1,\"a, \"\"b\"\"\"\n2,c\n")],
            content => Content.Drain(Table.Fields(Content.Reader(content), "table", "id", "name")
                .Select(fields => Table.Whole(fields[0], "table")))),
        new("arff", [Content.Text(Relation)], content => Arff.Parse(Content.Reader(content), "arff")),
        new("arff-points", [Content.Text(Relation)], content => DericSets.Points(Arff.Parse(Content.Reader(content), "arff"), "arff")),
        new("swc", [Content.Text("# made by hand\n1 1 0 0 0 2 -1\n2 3 1 0 0.5 1 1\n3 3 2 0 1e0 1 2\n7 2 -1 0 0 1 1\n")],
            content => Swc.Parse(Content.Reader(content), "swc")),
        new("lra-listops", [Content.Text("Source\tTarget\n( ( ( [MAX 4 ) 3 ) ] )\t4\n( ( [SM 9 ) [MED 1 2 ] )\t0\n")],
            content => Content.Drain(OfficialListOps.Parse(Content.Reader(content), "listops"))),
        new("lra-retrieval", [Content.Text("1.0\tP1\tP2\tone text\tanother\n0\tP1\tP3\ttext\t\n")],
            content => Content.Drain(Retrieval.Parse(Content.Reader(content), "retrieval"))),
        new("imdb-table", [Content.Text("0\t100_1\tbad film\n1\t101_9\tgood film <br />\n0\t102_2\tü\n1\t103_8\t\n")],
            content => Content.InFile(content, "imdb.tsv", file => Content.Drain(ImdbReviews.FromTable(file, Split.Train, validation: 2)))),
        new("clams-plot", [Content.Text("x,y\n1,2\n3.5,-4\n")], content => Scatterplots.Parse(new("plot.csv", content))),
    ];
}
