//! Which columns an import understands, and what other programs call them.

/// A column of ours.
#[derive(Debug)]
pub(super) struct Column {
    /// What we call it; exports write this.
    pub(super) name: &'static str,
    /// What it is called elsewhere, without spaces and signs, the best name first.
    also: &'static [&'static str],
    /// Whether an import is nothing without it.
    pub(super) needed: bool,
}

const fn column(name: &'static str, also: &'static [&'static str]) -> Column {
    Column { name, also, needed: false }
}

const fn needed(name: &'static str, also: &'static [&'static str]) -> Column {
    Column { name, also, needed: true }
}

/// Numbers columns, so that rows are read without looking names up.
macro_rules! columns {
    ($table:ident in $room:ident: $($name:ident = $column:expr;)*) => {
        pub(in crate::cli) mod $room {
            #[expect(non_camel_case_types, clippy::upper_case_acronyms, reason = "numbers, named like their columns")]
            enum Number { $($name),* }
            $(pub(in crate::cli) const $name: usize = Number::$name as usize;)*
        }
        pub(in crate::cli) static $table: &[Column] = &[$($column),*];
    };
}

columns! { PRODUCTS in products:
    SKU = needed("sku", &["variantsku", "customlabelsku", "customlabel", "itemsku", "itemnumber"]);
    PRODUCT = column("product", &[]);
    HANDLE = column("handle", &[]);
    TITLE = column("title", &["name", "producttitle"]);
    BRAND = column("brand", &["vendor", "manufacturer", "designer"]);
    CATEGORY = column("category", &["productcategory", "ebaycategory1name", "categoryname", "producttype", "type"]);
    DESCRIPTION = column("description", &["bodyhtml", "body", "itemdescription"]);
    ATTRIBUTES = column("attributes", &[]);
    STATUS = column("status", &[]);
    KIND = column("kind", &[]);
    OPTIONS = column("options", &[]);
    GTIN = column("gtin", &["variantbarcode", "barcode", "ean", "upc", "pupc", "pean"]);
    PRICE = column("price", &["variantprice", "startprice", "listprice", "currentprice", "auctionbuyitnowprice"]);
    CURRENCY = column("currency", &[]);
    WEIGHT = column("weight_g", &["variantgrams"]);
    TAX_CODE = column("tax_code", &["varianttaxcode"]);
    BACKORDER = column("backorder_limit", &[]);
    SAFETY = column("safety_stock", &[]);
    COMPONENTS = column("components", &[]);
    CONDITION = column("condition", &["itemcondition"]);
    NOTES = column("condition_notes", &["conditiondescription", "conditionnotes"]);
    GRADE = column("grade", &[]);
    SERIAL = column("serial", &["serialnumber"]);
    BIN = column("bin", &["shelf", "storagelocation", "internallocation"]);
    COST = column("unit_cost", &["costperitem", "costofgoods", "cogs", "cost", "purchaseprice"]);
    QTY = column("qty", &["quantity", "variantinventoryqty", "availablequantity", "stock"]);
    OPTION1 = column("option1_name", &["option1name"]);
    VALUE1 = column("option1_value", &["option1value"]);
    OPTION2 = column("option2_name", &["option2name"]);
    VALUE2 = column("option2_value", &["option2value"]);
    OPTION3 = column("option3_name", &["option3name"]);
    VALUE3 = column("option3_value", &["option3value"]);
}

columns! { STOCK in stock:
    SKU = needed("sku", &["variantsku", "customlabelsku", "customlabel", "stockcode"]);
    LOCATION = column("location", &["place", "warehouse"]);
    ON_HAND = needed("on_hand", &["qty", "quantity", "availablequantity", "variantinventoryqty", "stock", "units"]);
    COST = column("cost", &["totalcost", "value"]);
    UNIT_COST = column("unit_cost", &["costperitem", "costofgoods"]);
    CURRENCY = column("currency", &[]);
}

columns! { SALES in sales:
    SOLD_AT = needed("sold_at", &["date", "soldon", "solddate", "saledate", "orderdate", "placedat", "day", "createdat"]);
    ORDER = column("order", &["orderid", "ordernumber", "salesrecordnumber", "invoice", "invoiceno"]);
    SKU = needed("sku", &["lineitemsku", "customlabelsku", "customlabel", "stockcode", "id"]);
    QTY = needed("qty", &["quantity", "units", "lineitemquantity"]);
    PRICE = needed("unit_price", &["price", "soldprice", "soldfor", "lineitemprice", "unitprice"]);
    DISCOUNT = column("discount", &[]);
    TAX = column("tax", &[]);
    COST = column("cost", &["totalcost"]);
    UNIT_COST = column("unit_cost", &["costofgoods", "costperitem"]);
    SHIPPING = column("shipping", &["postageandpackaging", "shippingandhandling"]);
    CURRENCY = column("currency", &[]);
}

columns! { ORDERS in orders:
    PLACED_AT = needed("placed_at", &["date", "orderdate", "createdat", "placedon", "soldat"]);
    ORDER = needed("order", &["orderid", "ordernumber", "salesrecordnumber", "name"]);
    SKU = needed("sku", &["lineitemsku", "customlabelsku", "customlabel"]);
    QTY = needed("qty", &["quantity", "lineitemquantity", "units"]);
    PRICE = needed("unit_price", &["price", "lineitemprice", "unitprice"]);
    TAX = column("tax", &[]);
    SHIPPING = column("shipping", &["postageandpackaging", "shippingandhandling"]);
    PAID = column("paid", &["ispaid"]);
    CURRENCY = column("currency", &[]);
}

/// A name without what people write differently.
fn plain(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// For each column its place among these names, and the names that say nothing to us.
pub(super) fn find(columns: &[Column], names: &[String]) -> (Vec<Option<usize>>, Vec<String>) {
    let known: Vec<_> = names.iter().map(|name| plain(name)).collect();
    let place = |wanted: &str| known.iter().position(|name| name == wanted);
    let places: Vec<_> = columns
        .iter()
        .map(|column| {
            place(&plain(column.name)).or_else(|| column.also.iter().find_map(|other| place(other)))
        })
        .collect();
    let used = |at: usize| places.contains(&Some(at));
    let ignored = names.iter().enumerate().filter(|(at, _)| !used(*at)).map(|(_, name)| name.clone());
    (places.clone(), ignored.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(line: &str) -> Vec<String> {
        line.split(',').map(str::to_owned).collect()
    }

    #[test]
    fn headers_of_other_programs_are_understood() {
        let shopify = names(
            "Handle,Title,Body (HTML),Vendor,Product Category,Type,Tags,Published,Option1 Name,Option1 Value,\
             Variant SKU,Variant Grams,Variant Inventory Qty,Variant Price,Variant Barcode,Cost per item,Status",
        );
        let (places, ignored) = find(PRODUCTS, &shopify);
        assert_eq!(
            (places[products::SKU], places[products::PRICE], places[products::COST]),
            (Some(10), Some(13), Some(15))
        );
        assert_eq!(ignored, ["Type", "Tags", "Published"]);
        let ebay =
            names("Item number,Title,Custom label (SKU),Available quantity,Currency,Start price,Condition");
        let (places, ignored) = find(PRODUCTS, &ebay);
        assert_eq!(
            (places[products::SKU], places[products::QTY], places[products::PRICE]),
            (Some(2), Some(3), Some(5))
        );
        assert_eq!(ignored, ["Item number"]);
        let vendoo = names("Title,Description,SKU,Brand,Condition,Cost of Goods,Price,Internal Location");
        let (places, ignored) = find(PRODUCTS, &vendoo);
        assert_eq!((places[products::COST], places[products::BIN]), (Some(5), Some(7)));
        assert!(ignored.is_empty());
    }

    #[test]
    fn our_own_names_come_first() {
        let (places, _) = find(SALES, &names("date,price,unit_price,sku,qty"));
        assert_eq!((places[sales::SOLD_AT], places[sales::PRICE]), (Some(0), Some(2)));
    }
}
